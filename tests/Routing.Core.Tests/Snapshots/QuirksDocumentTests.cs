using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

public sealed class QuirksDocumentTests
{
    private static readonly RoutingSnapshot World = Compatible();

    [Fact]
    public void Validate_EveryQuirkSet_IsValid() => Assert.Empty(Problems(Every));

    [Theory]
    [InlineData("preset", "Preset 'grok' is not known. Use basic, compatible, mistral, ollama, openai, together, vllm, or leave it empty for the one of the account's host.")]
    [InlineData("basePath", "'/v1/../x' is not a base path. Begin each part with '/' and use a-z, A-Z, 0-9, '-', '_', '.', '~' in it, for example /openai/v1, or a single '/' for none.")]
    [InlineData("refuses[1]", "Field 'messages' cannot be refused. Use frequency_penalty, logit_bias, logprobs, metadata, n, parallel_tool_calls, presence_penalty, prompt_cache_key, reasoning_effort, response_format, safety_identifier, seed, service_tier, stop, store, tool_choice, tools, top_logprobs, user, verbosity.")]
    [InlineData("refuses[2]", "Field n is listed twice. Remove one.")]
    [InlineData("maxTokens", "Max tokens field '9' is not known. Use MaxCompletionTokens, MaxTokens.")]
    public void Validate_WrongQuirk_IsNamedWithWhatWouldBeRight(string path, string message)
    {
        var problems = Problems(new QuirksConfig { Preset = "grok", BasePath = "/v1/../x", MaxTokens = (MaxTokensField)9, Refuses = ["n", "messages", "n"] });
        Assert.Equal(message, Assert.Single(problems, p => p.Path == $"modelEndpoints[{World.ModelEndpoints[0].Id}].quirks.{path}").Message);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("/v1/")]
    [InlineData("//host")]
    [InlineData("/v1?x=1")]
    [InlineData("/a b")]
    [InlineData("/%2e%2e")]
    public void Validate_BasePathThatLeadsElsewhere_IsRefused(string path) =>
        Assert.Equal("base_path_shape", Assert.Single(Problems(new QuirksConfig { BasePath = path })).Code);

    [Fact]
    public void Validate_QuirksOfAnotherWire_AreRefused()
    {
        var world = World with { Accounts = World.Accounts.SetItem(0, SampleWorld.Snapshot.Accounts[0]), ModelEndpoints = World.ModelEndpoints.SetItem(0, World.ModelEndpoints[0] with { Quirks = new() }) };
        Assert.Contains(SnapshotValidator.Validate(world), p => p.Code == "quirks_unused" && p.Message == "Quirks are of OpenAI's wire; account 'bedrock' is on Bedrock. Remove them.");
    }

    [Fact]
    public void Validate_BasePathOnAzure_IsRefused()
    {
        var azure = SampleWorld.Snapshot.ModelEndpoints.First(e => e.Account == "azure");
        var at = SampleWorld.Snapshot.ModelEndpoints.IndexOf(azure);
        var world = SampleWorld.Snapshot with { ModelEndpoints = SampleWorld.Snapshot.ModelEndpoints.SetItem(at, azure with { Quirks = new() { BasePath = "/x", Refuses = ["user"] } }) };
        Assert.Equal("base_path_unused", Assert.Single(SnapshotValidator.Validate(world)).Code);
    }

    [Fact]
    public void Between_QuirksSet_AreSentences()
    {
        var changes = SnapshotDiff.Between(World, With(Every)).Select(c => c.Sentence).ToArray();
        var id = World.ModelEndpoints[0].Id;
        Assert.Equal(
        [
            $"{id}: quirk preset is now vllm (was the host's)",
            $"{id}: base path is now /serving/v1 (was the preset's)",
            $"{id}: max tokens field is now max tokens (was the preset's)",
            $"{id}: seed field is now random seed (was the preset's)",
            $"{id}: use of stream_options is now no (was the preset's)",
            $"{id}: system role is now developer (was the preset's)",
            $"{id}: reasoning field is now reasoning (was the preset's)",
            $"{id}: way to continue a turn is now prefix (was the preset's)",
            $"{id}: use of the Responses API is now yes (was the preset's)",
            $"{id}: use of top_k is now yes (was the preset's)",
            $"{id}: list of refused fields is now n, user (was the preset's)",
        ], changes, StringComparer.Ordinal);
    }

    [Fact]
    public void Between_QuirksThatSayNothing_IsEmpty() => Assert.Empty(SnapshotDiff.Between(World, With(new QuirksConfig())));

    [Fact]
    public void Read_DocumentWithQuirks_IsTheSameAfterWriting()
    {
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(With(Every), SnapshotJson.Default.RoutingSnapshot);
        var read = DocumentJson.Read<RoutingSnapshot>(json)!;
        Assert.Empty(SnapshotDiff.Between(With(Every), read));
        Assert.Contains("\"quirks\":{\"preset\":\"vllm\",\"basePath\":\"/serving/v1\",\"maxTokens\":\"max_tokens\"", System.Text.Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    private static QuirksConfig Every => new()
    {
        Preset = "vllm", BasePath = "/serving/v1", MaxTokens = MaxTokensField.MaxTokens, Seed = SeedField.RandomSeed, StreamOptions = false,
        SystemRole = InstructionRole.Developer, ReasoningField = ReasoningField.Reasoning, Prefill = PrefillMode.Prefix, Responses = true, TopK = true,
        Refuses = ["n", "user"],
    };

    private static RoutingSnapshot With(QuirksConfig quirks) => World with { ModelEndpoints = World.ModelEndpoints.SetItem(0, World.ModelEndpoints[0] with { Quirks = quirks }) };

    private static IEnumerable<SnapshotProblem> Problems(QuirksConfig quirks) => SnapshotValidator.Validate(With(quirks));

    private static RoutingSnapshot Compatible()
    {
        var account = new ProviderAccountConfig { Id = "bedrock", Provider = ProviderKind.OpenAICompatible, Address = "https://llm.example", Credential = new() { Kind = CredentialKind.None } };
        return SampleWorld.Snapshot with { Accounts = SampleWorld.Snapshot.Accounts.SetItem(0, account) };
    }
}
