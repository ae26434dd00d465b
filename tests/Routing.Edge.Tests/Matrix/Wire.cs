using System.Buffers;
using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Edge.Tests.Matrix;

/// <summary>A column of the capability matrix: one wire with one model behind it, where the maker of the model matters.</summary>
internal sealed record Wire(string Name, ProviderKind Provider, string Model)
{
    public static readonly Wire[] OfChat =
    [
        new("OpenAI-compatible", ProviderKind.OpenAICompatible, "gpt-5"),
        new("Azure OpenAI", ProviderKind.AzureOpenAI, "gpt-5"),
        new("Anthropic", ProviderKind.Anthropic, "claude-sonnet-4-5"),
        new("Claude on Vertex AI", ProviderKind.Vertex, "claude-sonnet-4-5"),
        new("Claude on Bedrock", ProviderKind.Bedrock, "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        new("Nova on Bedrock", ProviderKind.Bedrock, "amazon.nova-pro-v1:0"),
        new("Others on Bedrock", ProviderKind.Bedrock, "meta.llama3-3-70b-instruct-v1:0"),
        new("Gemini 2 on Vertex AI", ProviderKind.Vertex, "gemini-2.5-pro"),
        new("Gemini 3 on Vertex AI", ProviderKind.Vertex, "gemini-3-pro-preview"),
    ];

    public static readonly Wire[] OfEmbeddings =
    [
        new("OpenAI-compatible", ProviderKind.OpenAICompatible, "text-embedding-3-large"),
        new("Azure OpenAI", ProviderKind.AzureOpenAI, "text-embedding-3-large"),
        new("Titan on Bedrock", ProviderKind.Bedrock, "amazon.titan-embed-text-v2:0"),
        new("Cohere on Bedrock", ProviderKind.Bedrock, "cohere.embed-v4:0"),
        new("Vertex AI", ProviderKind.Vertex, "gemini-embedding-001"),
    ];

    /// <summary>Whether the caller's own bytes go on.</summary>
    public bool IsSame(CallerApi api) => api switch
    {
        CallerApi.ChatCompletions or CallerApi.Embeddings => Provider is ProviderKind.OpenAICompatible or ProviderKind.AzureOpenAI,
        CallerApi.Responses => Support(api).Carries.HasFlag(Capabilities.Responses),
        CallerApi.Messages or CallerApi.CountTokens => Endpoint.Adapter is { Kind: ProviderKind.Anthropic } || Endpoint.Target is { Family: ModelFamily.Claude } && Provider == ProviderKind.Vertex,
        _ => false,
    };

    public WireSupport Support(CallerApi api) => Endpoint.Adapter.Support(api, Endpoint.Target);

    /// <summary>Everything that is sent for a call, the path and the headers too.</summary>
    public string Sent(CallerApi api, string members)
    {
        var call = Need.Read(api, members);
        var body = new ArrayBufferWriter<byte>();
        Endpoint.Adapter.WriteRequest(call, Endpoint.Target, 0, body);
        var target = Endpoint.Adapter.Target(Endpoint.Target, api, call.Stream);
        return $"{target.PathAndQuery}\n{target.Accept}\n{Encoding.UTF8.GetString(body.WrittenSpan)}";
    }

    /// <summary>What the caller of such a call is told beyond its fields' own approximations; null when the call cannot be sent here.</summary>
    public IEnumerable<string>? Warnings(CallerApi api, string members)
    {
        var call = Need.Read(api, members);
        if ((call.Needs & ~Support(api).Carries) != Capabilities.None || Endpoint.Adapter.Refuse(call, Endpoint.Target) is not null) return null;
        return Endpoint.Adapter.Warnings(call, Endpoint.Target);
    }

    /// <summary>A table with one feature, <c>f</c>, and this wire as its only candidate.</summary>
    public RoutingTable Table { get; } = Compile(Provider, Model);

    private ModelEndpoint Endpoint => Table.Endpoints["e"];

    private static RoutingTable Compile(ProviderKind provider, string model)
    {
        var snapshot = new RoutingSnapshot
        {
            Revision = 1,
            Accounts = [new ProviderAccountConfig { Id = "a", Provider = provider, Address = "https://provider.example", Project = "p", Credential = new CredentialConfig { Kind = CredentialKind.ApiKey } }],
            ModelEndpoints = [new ModelEndpointConfig { Id = "e", Account = "a", Model = model, Region = "us-east-1" }],
            Features = [new FeatureConfig { Name = "f", Candidates = [new CandidateConfig { ModelEndpoint = "e" }] }],
        };
        var health = new EndpointHealthRegistry(TimeProvider.System, seed: 1);
        return new RoutingTableCompiler(health, _ => new StaticTokenSource(new ApiKeyCredential("k")), seed: 1).Compile(snapshot, new EdgeOverlay(), "epoch");
    }
}
