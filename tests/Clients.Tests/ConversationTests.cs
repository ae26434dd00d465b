using System.Text.Json;
using Clients.Tests.Dialects;

namespace Clients.Tests;

/// <summary>Every dialect's .NET client with every provider, streamed and whole.</summary>
[Collection(OneEdge.Name)]
public sealed class ConversationTests(EdgeAndClouds edge)
{
    private const string Question = "Résumé of the café thread, please. 👍";
    private const string Errand = "Look it up in parallel, but explain first.";
    private const string Told = "According to the tools: find says 42; count says 42.";

    public static TheoryData<string, string> Pairs()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (dialect, provider) in Dialect.Pairs) rows.Add(dialect, provider.Feature);
        return rows;
    }

    public static TheoryData<string, string, bool> Modes() => ModesOf(_ => true);

    public static TheoryData<string, string, bool> Schemas() => ModesOf(p => p.Provider.Schemas);

    public static TheoryData<string, string, bool> Reasoners() => ModesOf(p => p.Provider.Reasons);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_StreamedAndWhole_SameAndCountedAsTheCloudCounts(string dialect, string feature)
    {
        var client = Dialect.Of(dialect, edge);
        var before = edge.Clouds.Log.LastSeq;

        var whole = await client.AskAsync(feature, new Ask(Question));
        var streamed = await client.AskAsync(feature, new Ask(Question) { Stream = true });

        Assert.NotEmpty(whole.Text);
        Assert.Equal((whole.Text, whole.Stop), (streamed.Text, streamed.Stop));
        Assert.Equal(Dialect.Ended(dialect), whole.Stop, ignoreCase: true);
        Assert.True(whole.CacheRead > 0);
        var calls = edge.CallsAfter(before);
        Assert.Equal([(Provider.Of(feature).Key, false, "completed"), (Provider.Of(feature).Key, true, "completed")], calls.Select(c => ($"{c.Wire}/{c.Region}/{c.Model}", c.Streamed, c.Outcome)));
        Assert.Equal(calls.Select(c => ((long)c.InputTokens!, (long)c.OutputTokens!)), [(whole.Input, whole.Output), (streamed.Input, streamed.Output)]); // Both told their usage.
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Tools_CalledInParallelAndAnswered_AnswerQuotesBoth(string dialect, string feature, bool stream)
    {
        var client = Dialect.Of(dialect, edge);

        var first = await client.AskAsync(feature, new Ask(Errand) { WithTools = true, Stream = stream });
        var second = await client.AskAsync(feature, new Ask(Errand) { WithTools = true, Stream = stream, Before = first });

        AssertCalls(first);
        Assert.Equal("I will look that up.", first.Text);
        Assert.StartsWith(Told, second.Text, StringComparison.Ordinal);
        Assert.Empty(second.Calls);
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Schema_AnswerSatisfiesIt(string dialect, string feature, bool stream)
    {
        var answer = await Dialect.Of(dialect, edge).AskAsync(feature, new Ask("The bill?") { WithSchema = true, Stream = stream });

        using var bill = JsonDocument.Parse(answer.Text);
        Assert.Equal(JsonValueKind.Number, bill.RootElement.GetProperty("total").ValueKind);
        Assert.Contains(bill.RootElement.GetProperty("currency").GetString(), (string[])["CHF", "EUR"], StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Image_IsSeenByTheModel(string dialect, string feature, bool stream)
    {
        var answer = await Dialect.Of(dialect, edge).AskAsync(feature, new Ask("What is it?") { WithImage = true, Stream = stream });

        Assert.True(answer.Input > 258, $"{answer.Input} tokens are too few for an image.");
    }

    [Theory]
    [MemberData(nameof(Reasoners))]
    public async Task Reasoning_ApartFromTheAnswerAndHandedBackWithResults(string dialect, string feature, bool stream)
    {
        var client = Dialect.Of(dialect, edge);
        var plain = await client.AskAsync(feature, new Ask(Question));

        var answer = await client.AskAsync(feature, new Ask(Question) { WithReasoning = true, Stream = stream });
        var first = await client.AskAsync(feature, new Ask(Errand) { WithTools = true, WithReasoning = true, Stream = stream });
        var second = await client.AskAsync(feature, new Ask(Errand) { WithTools = true, WithReasoning = true, Stream = stream, Before = first });

        Assert.NotEmpty(answer.Reasoning);
        Assert.Equal(plain.Text, answer.Text);
        Assert.NotEmpty(first.Reasoning);
        AssertCalls(first);
        Assert.StartsWith(Told, second.Text, StringComparison.Ordinal);
    }

    private static TheoryData<string, string, bool> ModesOf(Func<(string Dialect, Provider Provider), bool> where)
    {
        var rows = new TheoryData<string, string, bool>();
        foreach (var (dialect, provider) in Dialect.Pairs.Where(where))
        {
            rows.Add(dialect, provider.Feature, false);
            rows.Add(dialect, provider.Feature, true);
        }

        return rows;
    }

    private static void AssertCalls(Answer answer)
    {
        Assert.Equal(Ask.Tools, answer.Calls.Select(c => c.Name), StringComparer.Ordinal);
        Assert.Equal(answer.Calls.Count, answer.Calls.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal([answer.Calls[0].Index, answer.Calls[0].Index + 1], answer.Calls.Select(c => c.Index));
        foreach (var call in answer.Calls)
        {
            using var arguments = JsonDocument.Parse(call.Arguments);
            Assert.Equal(JsonValueKind.String, arguments.RootElement.GetProperty("query").ValueKind);
            Assert.True(arguments.RootElement.GetProperty("limit").GetInt32() >= 1);
        }
    }
}
