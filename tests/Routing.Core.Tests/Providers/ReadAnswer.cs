using System.Buffers;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

/// <summary>What an answer came to, whatever pieces it was read in.</summary>
/// <param name="Parts">
/// Everything but plain text in order, neighbouring pieces joined: <c>thinking:…</c>, <c>signature:…</c>, <c>redacted:…</c>,
/// <c>call 0 ID NAME:ARGUMENTS</c>, <c>vector 0:FLOATS</c>; a line each.
/// </param>
internal sealed record ReadAnswer(string Text, string Parts, string Raw, bool HasContent, TokenUsage? Usage, StopReason Stop, string? RawStop, Failure? Failure, string? ResponseId)
{
    /// <summary>
    /// Reads the bytes whole, cut in two at every place, and byte by byte; the outcome must be the same.
    /// The input buffer is overwritten after each read, so a reader that keeps a slice of it is found out.
    /// </summary>
    public static ReadAnswer SplitEverywhere(Func<ChatAnswerReader> create, byte[] bytes)
    {
        var whole = InPieces(create(), [bytes]);
        for (var at = 1; at < bytes.Length; at++) Assert.Equal(whole, InPieces(create(), [bytes[..at], bytes[at..]]));
        Assert.Equal(whole, InPieces(create(), bytes.Select(b => new[] { b })));
        return whole;
    }

    public static ReadAnswer SplitEverywhere(Func<ChatAnswerReader> create, string text) => SplitEverywhere(create, Encoding.UTF8.GetBytes(text));

    public static ReadAnswer InPieces(ChatAnswerReader reader, IEnumerable<byte[]> pieces)
    {
        var (text, raw, parts) = (new List<byte>(), new List<byte>(), new PartList());
        var answer = new ReadAnswer("", "", "", false, null, StopReason.None, null, null, null);
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
        return answer with { Text = Encoding.UTF8.GetString([.. text]), Raw = Encoding.UTF8.GetString([.. raw]), Parts = parts.ToString(), ResponseId = reader.ResponseId };

        void Take()
        {
            foreach (var e in events)
            {
                Assert.Null(answer.Failure); // A failure is the last event.
                if (e.Kind == ChatEventKind.TextDelta) text.AddRange(e.Utf8.Span);
                parts.Take(e);
                if (e.Kind == ChatEventKind.Raw) raw.AddRange(e.Utf8.Span);
                if (e.Kind == ChatEventKind.Usage) answer = answer with { Usage = e.Usage };
                if (e.Kind == ChatEventKind.Stopped) answer = answer with { Stop = e.Stop, RawStop = e.RawStop };
                if (e.Kind == ChatEventKind.Failed) answer = answer with { Failure = e.Failure };
                answer = answer with { HasContent = answer.HasContent || e.HasContent };
            }

            events.Clear();
        }
    }
}

/// <summary>Headers of an answer from a list.</summary>
internal sealed class ListedHeaders(params (string Name, string Value)[] headers) : IWireHeaders
{
    public string? this[string name] =>
        headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? found.Value : null;
}

internal static class Calls
{
    public static readonly ModelTarget AnyModel = new("m", "", "", "", 100);

    public static readonly ChatRequest Conversation = new()
    {
        Messages =
        [
            ChatMessage.Of(ChatRole.System, "Be brief."), ChatMessage.Of(ChatRole.User, "One \"<&>\" ü"), ChatMessage.Of(ChatRole.User, "Two"),
            ChatMessage.Of(ChatRole.Assistant, "Three"), ChatMessage.Of(ChatRole.System, "Be kind."), ChatMessage.Of(ChatRole.User, ""),
            ChatMessage.Of(ChatRole.User, "Four"),
        ],
        MaxOutputTokens = 50, Temperature = 0.5, TopP = 0.25, StopSequences = ["END", "\n\n"],
    };

    public static ChatCall Of(ChatRequest request, bool stream = false) => new(() => request) { Feature = "f", Stream = stream };

    /// <summary>A call whose own bytes an endpoint of its wire takes.</summary>
    public static ChatCall Own(bool stream, CallerApi api = CallerApi.ChatCompletions, bool includeUsage = false) => new(() => Conversation)
    {
        Feature = "f", Stream = stream, Api = api, IncludeUsage = includeUsage, Original = new OriginalBody("{\"model\":\"f\"}"u8.ToArray(), 9..12, null, 1),
    };

    /// <summary>A call that came in by Anthropic's API.</summary>
    public static ChatCall OfMessages(bool stream) => Own(stream, CallerApi.Messages);

    public static ChatCall Streamed(bool includeUsage = false) => new(() => Conversation) { Feature = "f", Stream = true, IncludeUsage = includeUsage };

    public static string Written(IProviderAdapter adapter, ModelTarget model, ChatRequest request, bool stream = false) => Written(adapter, model, Of(request, stream));

    public static string Written(IProviderAdapter adapter, ModelTarget model, ChatCall call)
    {
        var body = new ArrayBufferWriter<byte>();
        adapter.WriteRequest(call, model, round: 0, body);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }
}
