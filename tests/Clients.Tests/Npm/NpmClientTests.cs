using System.Text.Json;
using Clients.Tests.Dialects;

namespace Clients.Tests.Npm;

/// <summary>What product teams use from npm, with every provider, streamed and whole.</summary>
[Collection(OneEdge.Name)]
public sealed class NpmClientTests(EdgeAndClouds edge)
{
    private static readonly (string Script, string Dialect)[] Scripts =
        [("openai.mjs", Dialect.Chat), ("anthropic.mjs", Dialect.Messages), ("ai-sdk.mjs", Dialect.Chat), ("langchain.mjs", Dialect.Chat), ("responses.mjs", Dialect.Responses)];

    public static TheoryData<string, string> Pairs()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (script, dialect) in Scripts)
            foreach (var (_, provider) in Dialect.Pairs.Where(p => p.Dialect == dialect)) rows.Add(script, provider.Feature);
        return rows;
    }

    public static TheoryData<string, string> Structured()
    {
        var rows = new TheoryData<string, string>();
        foreach (var script in (string[])["ai-sdk.mjs", "langchain.mjs", "responses.mjs"])
            foreach (var provider in Provider.All.Where(p => p.Schemas)) rows.Add(script, provider.Feature);
        return rows;
    }

    public static TheoryData<string, string> Embedders()
    {
        var rows = new TheoryData<string, string>();
        foreach (var script in (string[])["ai-sdk.mjs", "langchain.mjs"])
            foreach (var provider in Provider.Embedders) rows.Add(script, provider.Feature);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_StreamedAndWhole_SameAndCountedAsTheCloudCounts(string script, string feature)
    {
        var whole = await NodeClients.ResultAsync(edge, script, feature, "text");
        var streamed = await NodeClients.ResultAsync(edge, script, feature, "textStreamed");

        Assert.NotEmpty(whole.GetProperty("text").GetString()!); // It is a text.
        Assert.Equal(whole.GetProperty("text").GetString(), streamed.GetProperty("text").GetString());
        AssertCountedByTheCloud(whole, feature, stream: false);
        AssertCountedByTheCloud(streamed, feature, stream: true);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Tools_TwoStepsWithParallelCalls_AnswerQuotesBoth(string script, string feature)
    {
        foreach (var scenario in (string[])["tools", "toolsStreamed"])
        {
            var result = await NodeClients.ResultAsync(edge, script, feature, scenario);

            Assert.Equal(Ask.Tools, result.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("name").GetString()), StringComparer.Ordinal);
            Assert.All(result.GetProperty("calls").EnumerateArray(), c => Assert.True(c.GetProperty("input").GetProperty("limit").GetInt32() >= 1));
            Assert.StartsWith("According to the tools: find says 42; count says 42.", result.GetProperty("text").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Structured))]
    public async Task Object_SatisfiesTheSchema(string script, string feature)
    {
        var made = (await NodeClients.ResultAsync(edge, script, feature, "object")).GetProperty("object");

        Assert.Equal(JsonValueKind.Number, made.GetProperty("total").ValueKind);
        Assert.Contains(made.GetProperty("currency").GetString(), (string[])["CHF", "EUR"], StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Embedders))]
    public async Task Vectors_OneEach(string script, string feature)
    {
        var sizes = (await NodeClients.ResultAsync(edge, script, feature, "vectors")).GetProperty("sizes").EnumerateArray().Select(s => s.GetInt32()).ToList();

        Assert.Equal(2, sizes.Count);
        Assert.True(sizes[0] > 0 && sizes[0] == sizes[1]);
    }

    private static void AssertCountedByTheCloud(JsonElement result, string feature, bool stream)
    {
        var call = Assert.Single(result.GetProperty("log").EnumerateArray());
        Assert.Equal((Provider.Of(feature).Key, stream, "completed"),
            ($"{call.GetProperty("wire")}/{call.GetProperty("region")}/{call.GetProperty("model")}", call.GetProperty("streamed").GetBoolean(), call.GetProperty("outcome").GetString()));
        Assert.Equal((call.GetProperty("inputTokens").GetInt32(), call.GetProperty("outputTokens").GetInt32()), (result.GetProperty("input").GetInt32(), result.GetProperty("output").GetInt32()));
        Assert.True(call.GetProperty("outputTokens").GetInt32() > 0);
    }
}
