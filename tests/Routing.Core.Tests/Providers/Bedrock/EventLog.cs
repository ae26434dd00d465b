using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.Bedrock;

/// <summary>All events of an answer as one line each; pieces of one text or of one call's arguments are joined.</summary>
internal static class EventLog
{
    /// <summary>The events of an answer read whole; they must be the same cut in two anywhere, and byte by byte.</summary>
    public static string[] SplitEverywhere(Func<ChatAnswerReader> create, byte[] bytes)
    {
        var whole = Of(create(), [bytes]);
        for (var at = 1; at < bytes.Length; at++) Assert.Equal(whole, Of(create(), [bytes[..at], bytes[at..]]));
        Assert.Equal(whole, Of(create(), bytes.Select(b => new[] { b })));
        return whole;
    }

    /// <summary>The input is overwritten after each read: a slice of it that is kept too long is found out.</summary>
    public static string[] Of(ChatAnswerReader reader, IEnumerable<byte[]> pieces)
    {
        var log = new List<(string Head, List<byte> Bytes)>();
        var events = new List<ChatEvent>();
        foreach (var piece in pieces)
        {
            var input = (byte[])piece.Clone();
            reader.Read(input, events);
            Take();
            Array.Fill(input, (byte)'#');
        }

        reader.Complete(events);
        Take();
        return [.. log.Select(l => l.Head + Encoding.UTF8.GetString([.. l.Bytes]))];

        void Take()
        {
            foreach (var e in events)
            {
                Assert.DoesNotContain(log, l => l.Head.StartsWith("failed", StringComparison.Ordinal)); // A failure is the last event.
                var head = Head(e);
                if (log.Count == 0 || log[^1].Head != head) log.Add((head, []));
                log[^1].Bytes.AddRange(e.Utf8.Span);
            }

            events.Clear();
        }
    }

    private static string Head(in ChatEvent e) => e.Kind switch
    {
        ChatEventKind.TextDelta => "text ",
        ChatEventKind.ReasoningDelta => "reasoning ",
        ChatEventKind.ReasoningSignature => "signature ",
        ChatEventKind.RedactedReasoning => "redacted ",
        ChatEventKind.ToolCallStart => $"call {e.Index} {e.Id} {e.Name}",
        ChatEventKind.ToolCallDelta => $"arguments {e.Index} ",
        ChatEventKind.Usage => $"usage {e.Usage.InputTotal}={e.Usage.InputUncached}+{e.Usage.CacheRead}+{e.Usage.CacheWrite} {e.Usage.OutputTotal}",
        ChatEventKind.Stopped => $"stopped {e.Stop} {e.RawStop}",
        ChatEventKind.Failed => $"failed {e.Failure!.Kind} {e.Failure.RawCode}", // A failed event has its failure.
        _ => e.Kind.ToString(),
    };
}
