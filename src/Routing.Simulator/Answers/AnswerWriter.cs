using System.Text.Json;

namespace Routing.Simulator.Answers;

/// <summary>
/// Makes the answer to a request: a pure function of seed, model and what the request says. Which prompt leads to which tool call
/// is written down in the README.
/// </summary>
internal sealed class AnswerWriter(ulong seed)
{
    // Shown reasoning is a summary: usage counts all of it.
    private const int MostShownThoughts = 40;

    public Answer Write(ChatAsk ask, string model, ModelBehaviour behaviour)
    {
        var cached = (int)((ask.MarkedTokens ?? ask.InputTokens) * Math.Clamp(behaviour.CachedShare, 0, 1));
        var thoughts = Math.Min(ask.ThoughtTokens ?? behaviour.ThoughtTokens, ask.MaxTokens ?? int.MaxValue);
        var tools = ToolPlan.Of(ask);
        var choices = new Choice[ask.Choices];
        var visible = 0;
        for (var at = 0; at < choices.Length; at++)
        {
            (choices[at], var tokens) = WriteChoice(at, ask, SeedOf(ask, behaviour.AnswersAs ?? model, at), behaviour, thoughts, tools);
            visible += tokens;
        }

        return new Answer
        {
            Choices = choices, InputTokens = ask.InputTokens, CachedTokens = cached, CacheWriteTokens = Math.Max(0, (ask.MarkedTokens ?? 0) - cached),
            OutputTokens = visible + (thoughts * choices.Length), ThoughtTokens = thoughts * choices.Length,
        };
    }

    /// <summary>For what is counted but generates nothing.</summary>
    public static Answer Nothing(int inputTokens) => new() { Choices = [], InputTokens = inputTokens };

    private ulong SeedOf(ChatAsk ask, string model, int choice)
    {
        var all = StableRandom.Hash(StableRandom.Hash(seed, model), ask.LastUserText);
        foreach (var result in ask.ToolResults) all = StableRandom.Hash(all, result);
        if (ask.Seed is { } own) all ^= new StableRandom((ulong)own).Next();
        return choice == 0 ? all : new StableRandom(all + (ulong)choice).Next();
    }

    private static (Choice Choice, int Visible) WriteChoice(int index, ChatAsk ask, ulong choiceSeed, ModelBehaviour behaviour, int thoughts, ToolPlan tools)
    {
        var draft = new ChoiceDraft(index, (ask.MaxTokens ?? int.MaxValue) - thoughts);
        if (thoughts > 0 && ask.ShowsThoughts) AddThought(draft, ask, Math.Min(thoughts, MostShownThoughts), new StableRandom(~choiceSeed));
        if (tools.Calls.Count == 0) AddText(draft, ask, behaviour, new StableRandom(choiceSeed));
        else AddCalls(draft, tools, new StableRandom(choiceSeed));
        return draft.End();
    }

    private static void AddThought(ChoiceDraft draft, ChatAsk ask, int length, StableRandom random)
    {
        var thought = ask.HiddenThought is { } hidden ? [hidden] : WriteText(length, random);
        if (ToolPlan.Wants(ask, ToolPlan.SealedThoughts)) draft.AddThought(BlockKind.SealedThought, [ThoughtSignature.Seal(string.Concat(thought))]);
        else draft.AddThought(BlockKind.Thought, thought);
    }

    private static void AddCalls(ChoiceDraft draft, ToolPlan plan, StableRandom random)
    {
        if (plan.ExplainsFirst) draft.TryAddText([.. Tokenizer.Split("I will look that up.")]);
        foreach (var tool in plan.Calls)
        {
            var arguments = tool.Schema?.TryGetProperty("properties", out _) == true ? SchemaValue.Of(tool.Schema.Value, random) : """{"query":"café"}""";
            if (!draft.TryAddCall(tool.Name, arguments)) return;
        }
    }

    private static void AddText(ChoiceDraft draft, ChatAsk ask, ModelBehaviour behaviour, StableRandom random)
    {
        var length = Math.Max(1, (behaviour.AnswerTokens / 2) + random.Below(Math.Max(1, behaviour.AnswerTokens)));
        var tokens = ask switch
        {
            { JsonSchema: { ValueKind: JsonValueKind.Object } schema } => [.. Tokenizer.Split(SchemaValue.Of(schema, random))],
            { JsonAnswer: true } => WriteJson(length, random),
            { ToolResults.Count: > 0 } => [.. Tokenizer.Split($"According to the tools: {string.Join("; ", ask.ToolResults)}. "), .. WriteText(length, random)],
            _ => WriteText(length, random),
        };
        if (ask.Begun is { } begun) tokens = [.. Tokenizer.Split(ask.EchoesBegun ? begun : ""), .. GoOn(begun, string.Concat(tokens))];
        var stop = FindStop(tokens, ask.StopSequences);
        if (draft.TryAddText(stop?.Before ?? tokens) && stop is { } found) draft.StopAt(found.Sequence);
    }

    // What another one began it goes on from with words of its own, unless it would have said the same.
    private static string[] GoOn(string begun, string own) => [.. Tokenizer.Split(own.StartsWith(begun, StringComparison.Ordinal) ? own[begun.Length..] : " " + own)];

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
