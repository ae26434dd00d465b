using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Providers.Vertex;

public sealed class VertexSupportTests
{
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.Vertex);

    [Theory]
    [InlineData(CallerApi.ChatCompletions)]
    [InlineData(CallerApi.Responses)]
    [InlineData(CallerApi.Messages)]
    public void Support_ChatApis_AreAllTranslated(CallerApi api)
    {
        var support = Adapter.Support(api, Model("gemini-2.5-pro"));
        const Capabilities Carried = Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Tools | Capabilities.JsonSchema
            | Capabilities.Vision | Capabilities.Documents | Capabilities.Reasoning | Capabilities.HighTemperature | Capabilities.ToolChoiceForced | Capabilities.TopK;
        const Capabilities Refused = Capabilities.Logprobs | Capabilities.MultipleChoices | Capabilities.LogitBias | Capabilities.SerialToolCalls | Capabilities.Verbosity
            | Capabilities.AssistantPrefill | Capabilities.SameWireFields | Capabilities.Audio | Capabilities.ToolResultImages | Capabilities.Embeddings;
        Assert.Equal((Carried, Capabilities.None), (support.Carries & Carried, support.Carries & Refused));
    }

    [Theory]
    [InlineData("gemini-2.0-flash-001", false, false)]
    [InlineData("gemini-2.5-flash", true, false)]
    [InlineData("gemini-3-pro-preview", true, true)]
    public void Support_Generation_DecidesThinkingAndImagesOfTools(string model, bool thinks, bool images)
    {
        var carries = Adapter.Support(CallerApi.Messages, Model(model)).Carries;
        Assert.Equal((thinks, images), (carries.HasFlag(Capabilities.Reasoning | Capabilities.ReasoningBudget), carries.HasFlag(Capabilities.ToolResultImages)));
    }

    [Theory]
    [InlineData("gemini-2.0-flash")]
    [InlineData("gemini-2.5-pro")]
    [InlineData("gemini-3.1-pro-preview")]
    public void Support_Approximations_AreCarriedOnceWithAPlainWarning(string model)
    {
        var support = Adapter.Support(CallerApi.ChatCompletions, Model(model));
        Assert.Equal(support.Approximations.Length, support.Approximations.Select(a => a.Need).Distinct().Count());
        foreach (var (need, warning) in support.Approximations)
        {
            Assert.True(support.Carries.HasFlag(need));
            Assert.Matches("^[ -+--~]+$", warning);
        }
    }

    [Theory]
    [InlineData(ModelFamily.Chat, CallerApi.Embeddings, "gemini-2.5-pro")]
    [InlineData(ModelFamily.Embedding, CallerApi.ChatCompletions, "text-embedding-005")]
    [InlineData(ModelFamily.Embedding, CallerApi.Embeddings, "gemini-embedding-2")]
    public void Support_WrongApiOfAFamily_IsNone(ModelFamily family, CallerApi api, string model) =>
        Assert.Equal(Capabilities.None, Adapter.Support(api, Model(model) with { Family = family }).Carries);

    [Theory]
    [InlineData(CapacityClass.OnDemand, "X-Vertex-AI-LLM-Request-Type: shared")]
    [InlineData(CapacityClass.Reserved, "X-Vertex-AI-LLM-Request-Type: dedicated")]
    [InlineData(CapacityClass.Priority, "X-Vertex-AI-LLM-Request-Type: shared, X-Vertex-AI-LLM-Shared-Request-Type: priority")]
    [InlineData(CapacityClass.Flex, "X-Vertex-AI-LLM-Request-Type: shared, X-Vertex-AI-LLM-Shared-Request-Type: flex")]
    public void Target_CapacityClass_IsAskedForByHeader(CapacityClass capacity, string headers)
    {
        var target = Adapter.Target(Model("gemini-2.5-pro") with { CapacityClass = capacity }, CallerApi.Messages, stream: true);
        Assert.Equal(headers, string.Join(", ", target.Headers.Select(h => $"{h.Key}: {h.Value}")));
    }

    private static ModelTarget Model(string name) => new(name, "europe-west4", "my-project", "", 4096);
}
