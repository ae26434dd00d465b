using Clients.Tests.Dialects;

namespace Clients.Tests;

/// <summary>Models that reason and do not show it: what they thought is counted all the same, as the cloud counts it.</summary>
[Collection(OneEdge.Name)]
public sealed class ReasoningTests(EdgeAndClouds edge)
{
    private const string Question = "What did the team decide?";
    private const string Errand = "Look it up in parallel, but explain first.";

    public static TheoryData<string, bool> Modes() => new() { { Dialect.Chat, false }, { Dialect.Chat, true }, { Dialect.Responses, false }, { Dialect.Responses, true } };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Nova2_Effort_RedactedApartFromTheAnswerAndCounted(string dialect, bool stream)
    {
        var client = Dialect.Of(dialect, edge);
        var plain = await client.AskAsync("bedrock-nova-2", new Ask(Question));
        var before = edge.Clouds.Log.LastSeq;

        var answer = await client.AskAsync("bedrock-nova-2", new Ask(Question) { WithReasoning = true, Stream = stream });

        var call = Assert.Single(edge.CallsAfter(before));
        Assert.Equal(("[REDACTED]", plain.Text), (answer.Reasoning, answer.Text));
        Assert.Equal(((long)call.InputTokens!, (long)call.OutputTokens!), (answer.Input, answer.Output)); // The call told its usage.
    }

    // Another maker's reasoning is not taken back, and Nova's own says nothing: the conversation goes on without it.
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Nova2_ToolsAndReasoning_AnswerQuotesTheResults(string dialect, bool stream)
    {
        var client = Dialect.Of(dialect, edge);

        var first = await client.AskAsync("bedrock-nova-2", new Ask(Errand) { WithTools = true, WithReasoning = true, Stream = stream });
        var second = await client.AskAsync("bedrock-nova-2", new Ask(Errand) { WithTools = true, WithReasoning = true, Stream = stream, Before = first });

        Assert.Equal(("[REDACTED]", 2), (first.Reasoning, first.Calls.Count));
        Assert.StartsWith("According to the tools: find says 42; count says 42.", second.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, bool> OnAzure() => new()
    {
        { Dialect.Chat, "azure", false }, { Dialect.Chat, "azure", true }, { Dialect.Chat, "azure-v1", false }, { Dialect.Chat, "azure-v1", true },
        { Dialect.Responses, "azure", false }, { Dialect.Responses, "azure", true }, { Dialect.Responses, "azure-v1", false }, { Dialect.Responses, "azure-v1", true },
    };

    [Theory]
    [MemberData(nameof(OnAzure))]
    public async Task Azure_Effort_HiddenAndTokensToldAndBooked(string dialect, string feature, bool stream)
    {
        var client = Dialect.Of(dialect, edge);
        var before = edge.Clouds.Log.LastSeq;

        var low = await client.AskAsync(feature, new Ask(Question) { Effort = "low", Stream = stream });
        var high = await client.AskAsync(feature, new Ask(Question) { Effort = "high", Stream = stream });
        var booked = await edge.LedgerAsync(RequestIds.Last);

        Assert.Equal((16, 256), (low.Reasoned, high.Reasoned));
        Assert.Equal((low.Text, low.Output + 240), (high.Text, high.Output));
        Assert.Equal(("", ""), (low.Reasoning, high.Reasoning));
        Assert.Equal([low.Output, high.Output], edge.CallsAfter(before).Select(c => (long)c.OutputTokens!)); // Both told their usage.
        Assert.Equal((256, high.Output), (Assert.Single(booked.Attempts).Usage.Reasoning, booked.Attempts[0].Usage.OutputTotal));
    }
}
