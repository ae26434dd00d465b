using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

public sealed class TokenCountTests
{
    private const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private static readonly ChatRequest Request = new()
    {
        Messages = [ChatMessage.Of(ChatRole.System, "Be brief."), ChatMessage.Of(ChatRole.User, "Hi")], ToolChoice = new(ToolChoiceMode.Required),
        MaxOutputTokens = 50, Temperature = 0.5, Tools = [new("t", "d", """{"type":"object"}""", Strict: false)],
    };

    [Theory]
    [InlineData(ProviderKind.Bedrock, Claude, "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens",
        """{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"system":[{"text":"Be brief."}],"toolConfig":{"tools":[{"toolSpec":{"name":"t","description":"d","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}}}}}""")]
    [InlineData(ProviderKind.Vertex, "gemini-2.5-pro", "/v1/projects/p/locations/us-east1/publishers/google/models/gemini-2.5-pro:countTokens",
        """{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"t","description":"d","parametersJsonSchema":{"type":"object"}}]}]}""")]
    public void WriteRequest_Counting_SendsWhatCountsAndNoSampling(ProviderKind kind, string model, string path, string body)
    {
        var (adapter, target) = (ProviderAdapters.Of(kind), new ModelTarget(model, "us-east1", "p", "", 100));
        Assert.Equal(path, adapter.Target(target, CallerApi.CountTokens, stream: false).PathAndQuery);
        Assert.Equal(body, Calls.Written(adapter, target, Call()));
    }

    [Theory]
    [InlineData("anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("global.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0")]
    public void Target_CountingOnBedrock_IsTheModelItselfNotItsProfile(string model) => Assert.Equal("/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens",
        ProviderAdapters.Of(ProviderKind.Bedrock).Target(new ModelTarget(model, "us-east-1", "", "", 100), CallerApi.CountTokens, stream: false).PathAndQuery);

    [Theory]
    [InlineData(ProviderKind.Bedrock, """{"inputTokens":2095}""")]
    [InlineData(ProviderKind.Vertex, """{"totalTokens":2095,"totalBillableCharacters":8000,"promptTokensDetails":[{"modality":"TEXT","tokenCount":2095}]}""")]
    public void Read_Count_ComesInAnthropicsShapeAndCostsNothing(ProviderKind kind, string body)
    {
        var answer = ReadAnswer.SplitEverywhere(() => ProviderAdapters.Of(kind).CreateReader(Call(), Calls.AnyModel, 0, stream: false), body);
        Assert.Equal(("""{"input_tokens":2095}""", new TokenUsage { Source = UsageSource.Reported }, null), (answer.Raw, answer.Usage, answer.Failure));
    }

    [Theory]
    [InlineData(ProviderKind.Bedrock, Claude, true)]
    [InlineData(ProviderKind.Bedrock, "amazon.nova-pro-v1:0", false)]
    [InlineData(ProviderKind.Vertex, "gemini-2.5-pro", true)]
    [InlineData(ProviderKind.OpenAICompatible, "gpt-5", false)]
    public void Support_Counting_OnlyWhereTheProviderCounts(ProviderKind kind, string model, bool counts) => Assert.Equal(counts,
        ProviderAdapters.Of(kind).Support(CallerApi.CountTokens, new ModelTarget(model, "r", "p", "", 100)).Carries.HasFlag(Capabilities.TokenCounting));

    [Fact]
    public void Support_CountingBehindAnArnThatHidesTheName_None()
    {
        var claude = new ModelTarget("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", "us-east-1", "", "", 100) { Family = ModelFamily.Claude };
        Assert.Equal(Capabilities.None, ProviderAdapters.Of(ProviderKind.Bedrock).Support(CallerApi.CountTokens, claude).Carries);
    }

    private static ChatCall Call() => new(() => Request) { Feature = "f", Stream = false, Api = CallerApi.CountTokens };
}
