using System.Globalization;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Providers.Vertex;

namespace Routing.Core.Tests.Providers.Vertex;

/// <summary>An answer's events as lines, which must be the same however the bytes are split.</summary>
internal static class GeminiEvents
{
    public static List<string> Stream(params string[] responses)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(responses.Select(r => $"data: {r}\r\n\r\n")));
        var whole = Lines(new GeminiStreamReader(), [bytes]);
        for (var at = 1; at < bytes.Length; at++) Assert.Equal(whole, Lines(new GeminiStreamReader(), [bytes[..at], bytes[at..]]));
        Assert.Equal(whole, Lines(new GeminiStreamReader(), bytes.Select(b => new[] { b })));
        return whole;
    }

    public static List<string> Whole(string response)
    {
        var bytes = Encoding.UTF8.GetBytes(response);
        var whole = Lines(new GeminiUnaryReader(), [bytes]);
        Assert.Equal(whole, Lines(new GeminiUnaryReader(), bytes.Select(b => new[] { b })));
        return whole;
    }

    public static List<string> Lines(ChatAnswerReader reader, IEnumerable<byte[]> pieces)
    {
        var (events, lines) = (new List<ChatEvent>(), new List<string>());
        foreach (var piece in pieces)
        {
            var input = (byte[])piece.Clone();
            reader.Read(input, events);
            lines.AddRange(events.Select(Line));
            events.Clear();
            Array.Fill(input, (byte)'#');
        }

        reader.Complete(events);
        lines.AddRange(events.Select(Line));
        return lines;
    }

    private static string Line(ChatEvent e)
    {
        var text = e.Kind == ChatEventKind.Embedding ? "" : Encoding.UTF8.GetString(e.Utf8.Span);
        return e.Kind switch
        {
            ChatEventKind.TextDelta => $"text {text}",
            ChatEventKind.ReasoningDelta => $"thought {text}",
            ChatEventKind.ReasoningSignature => $"signature {text}",
            ChatEventKind.ToolCallStart => $"call {e.Index} {e.Id} {e.Name}{text}",
            ChatEventKind.ToolCallDelta => $"arguments {e.Index} {text}",
            ChatEventKind.Usage => $"used {e.Usage.InputTotal}+{e.Usage.OutputTotal} cached {e.Usage.CacheRead} thinking {e.Usage.Reasoning} {e.Usage.CapacityClass}",
            ChatEventKind.Stopped => $"stopped {e.Stop} {e.RawStop}",
            ChatEventKind.Failed => $"failed {e.Failure!.Kind}",
            ChatEventKind.Embedding => $"vector {e.Index} {string.Join(' ', Floats(e.Utf8.Span))}",
            _ => e.Kind.ToString(),
        };
    }

    private static List<string> Floats(ReadOnlySpan<byte> bytes)
    {
        var floats = new List<string>();
        for (; bytes.Length > 0; bytes = bytes[4..]) floats.Add(BitConverter.ToSingle(bytes).ToString(CultureInfo.InvariantCulture));
        return floats;
    }
}
