using System.Collections.Immutable;
using System.Globalization;
using Routing.Core.Llm;

namespace ControlPlane.Web.Explain;

/// <summary>What a call would be like, as far as it matters for where it goes. Stands in the address of the page, so that it can be handed on.</summary>
public sealed record CallShape
{
    public const int MostTokens = 10_000_000;
    private const int UsualInput = 1_000;

    // Anthropic's API has no call without a limit.
    private const int MessagesLimit = 1_024;

    /// <summary>The APIs by their names at an edge's <c>/v1/routing/explain</c>.</summary>
    public static readonly ImmutableArray<(CallerApi Api, string Key, string Name)> Apis =
    [
        (CallerApi.ChatCompletions, "chat_completions", "Chat completions"), (CallerApi.Responses, "responses", "Responses"),
        (CallerApi.Messages, "messages", "Anthropic messages"), (CallerApi.Embeddings, "embeddings", "Embeddings"),
    ];

    private static readonly ImmutableArray<Capabilities> OfMessages =
        [Capabilities.Tools, Capabilities.JsonSchema, Capabilities.Vision, Capabilities.ImageUrls, Capabilities.Documents, Capabilities.Reasoning];
    private static readonly ImmutableArray<Capabilities> OfResponses = [.. OfMessages, Capabilities.JsonObject];
    private static readonly ImmutableArray<Capabilities> OfChat =
        [.. OfResponses, Capabilities.Audio, Capabilities.Logprobs, Capabilities.MultipleChoices, Capabilities.Seed, Capabilities.Penalties];

    public CallerApi Api { get; init; }
    public bool Stream { get; init; } = true;
    public int InputTokens { get; init; } = UsualInput;

    /// <summary>Tokens of an answer at most; 0 = the caller sets none.</summary>
    public int OutputLimit { get; init; }

    /// <summary>Some of <see cref="Offered"/>.</summary>
    public Capabilities Needs { get; init; }

    /// <summary>What a call of its API can be said to need; the rest is a matter of single fields.</summary>
    public ImmutableArray<Capabilities> Offered => Api switch
    {
        CallerApi.ChatCompletions => OfChat,
        CallerApi.Responses => OfResponses,
        CallerApi.Messages => OfMessages,
        _ => [],
    };

    public string ApiKey => Apis.First(a => a.Api == Api).Key;

    public bool IsEmbedding => Api == CallerApi.Embeddings;

    /// <summary>How many answers it asks for.</summary>
    public int Choices => Needs.HasFlag(Capabilities.MultipleChoices) ? 2 : 1;

    public int? Limit => IsEmbedding ? null : OutputLimit > 0 ? OutputLimit : Api == CallerApi.Messages ? MessagesLimit : null;

    public string LimitName => Api switch
    {
        CallerApi.ChatCompletions => "max_completion_tokens",
        CallerApi.Responses => "max_output_tokens",
        _ => "max_tokens",
    };

    /// <summary>Of the address; what it does not say, or says wrongly, is as usual.</summary>
    public static CallShape Parse(string? api, string? stream, string? input, string? limit, string? needs)
    {
        CallShape shape = new()
        {
            Api = Apis.FirstOrDefault(a => a.Key == api).Api, Stream = stream != "0", InputTokens = Tokens(input, UsualInput), OutputLimit = Tokens(limit, 0),
        };
        Capabilities asked = Capabilities.None;
        foreach (string name in (needs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (CapabilityNames.TryParse(name, out Capabilities one) && shape.Offered.Contains(one)) asked |= one;
        }

        return shape with { Needs = asked };
    }

    /// <summary>The call. Adapters that look into it find what they may refuse by its value.</summary>
    public ChatCall ToCall(string feature) => new(() => new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, "…")], MaxOutputTokens = Limit, Reasoning = Thinks })
    {
        Feature = feature,
        Api = Api,
        Stream = Stream && !IsEmbedding,
        Needs = IsEmbedding ? Capabilities.Embeddings : Capabilities.Text | Needs | Implied,
        MaxOutputTokens = Limit,
        LimitName = LimitName,
        Choices = Choices,
        Bytes = InputTokens * ChatCall.BytesPerToken,
        ParseEmbedding = IsEmbedding ? () => new EmbeddingRequest(["…"], null) : null,
    };

    /// <summary>Of such a need in the address.</summary>
    public static string KeyOf(Capabilities need) => CapabilityNames.Describe(need);

    /// <summary>Its needs as the address spells them; null when there are none.</summary>
    public string? NeedsKey => Needs == Capabilities.None ? null : CapabilityNames.Describe(Needs).Replace(" ", "", StringComparison.Ordinal);

    private Reasoning? Thinks => Needs.HasFlag(Capabilities.Reasoning) ? new Reasoning("medium", null) : null;

    private Capabilities Implied => (Stream ? Capabilities.Streaming : Capabilities.None) | (Needs.HasFlag(Capabilities.ImageUrls) ? Capabilities.Vision : Capabilities.None);

    private static int Tokens(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) && tokens <= MostTokens ? tokens : otherwise;
}
