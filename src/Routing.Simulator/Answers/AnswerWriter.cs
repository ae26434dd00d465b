using System.Text.Json;

namespace Routing.Simulator.Answers;

/// <summary>Makes the answer to a request: a pure function of seed, last user message and model (and the limits of the request).</summary>
internal sealed class AnswerWriter(ulong seed)
{
    private const int ToolCallTokens = 12;

    public Answer Write(ChatAsk ask, string model, ModelBehaviour behaviour)
    {
        var random = new StableRandom(StableRandom.Hash(StableRandom.Hash(seed, model), ask.LastUserText));
        var cached = (int)(ask.InputTokens * Math.Clamp(behaviour.CachedShare, 0, 1));
        var limit = ask.MaxTokens ?? int.MaxValue;
        var thoughts = Math.Min(ask.ThoughtTokens ?? behaviour.ThoughtTokens, limit);

        if (ask.ForcedTool is { } tool) return CallTool(ask, tool, cached);

        var length = Math.Max(1, (behaviour.AnswerTokens / 2) + random.Below(Math.Max(1, behaviour.AnswerTokens)));
        var tokens = ask.JsonAnswer ? WriteJson(length, random) : WriteText(length, random);
        var (stop, sequence) = (StopCause.End, (string?)null);
        if (FindStop(tokens, ask.StopSequences) is { } found)
        {
            tokens = found.Before;
            (stop, sequence) = (StopCause.StopSequence, found.Sequence);
        }

        if (tokens.Length > limit - thoughts)
        {
            tokens = tokens[..(limit - thoughts)];
            (stop, sequence) = (StopCause.Length, null);
        }

        return new Answer
        {
            Tokens = tokens, Stop = stop, StopSequence = sequence, InputTokens = ask.InputTokens, CachedTokens = cached,
            OutputTokens = tokens.Length + thoughts, ThoughtTokens = thoughts,
        };
    }

    private static string[] WriteText(int length, StableRandom random)
    {
        var tokens = new string[length];
        Sentences.Fill(tokens, random);
        return tokens;
    }

    private static string[] WriteJson(int length, StableRandom random)
    {
        var text = string.Concat(WriteText(length, random));
        return [.. Tokenizer.Split($$"""{"answer":{{JsonSerializer.Serialize(text, SimulatorJson.Readable)}}}""")];
    }

    private static Answer CallTool(ChatAsk ask, string tool, int cached) => new()
    {
        Tokens = ReadOnlyMemory<string>.Empty, Stop = StopCause.ToolCall, Tool = new ToolCall(tool, """{"query":"café"}"""),
        InputTokens = ask.InputTokens, CachedTokens = cached, OutputTokens = ToolCallTokens, ThoughtTokens = 0,
    };

    private static (string[] Before, string Sequence)? FindStop(string[] tokens, IReadOnlyList<string> sequences)
    {
        if (sequences.Count == 0) return null;
        var text = string.Concat(tokens);
        var (first, which) = (int.MaxValue, "");
        foreach (var sequence in sequences)
        {
            var at = sequence.Length == 0 ? -1 : text.IndexOf(sequence, StringComparison.Ordinal);
            if (at >= 0 && at < first) (first, which) = (at, sequence);
        }

        return first == int.MaxValue ? null : ([.. Tokenizer.Split(text.AsSpan(0, first))], which);
    }
}
