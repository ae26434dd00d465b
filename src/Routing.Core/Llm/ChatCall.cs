using System.Diagnostics.CodeAnalysis;

namespace Routing.Core.Llm;

/// <summary>
/// One call as the caller made it: what routing needs to know, the original bytes for a same-wire hop,
/// and the canonical request, built only when a candidate speaks another wire.
/// </summary>
public sealed class ChatCall
{
    /// <summary>What a token is taken for while nobody has counted: bytes of a body.</summary>
    public const int BytesPerToken = 4;

    private readonly Func<ChatRequest> _parse;
    private ChatRequest? _request;

    public ChatCall(Func<ChatRequest> parse) => _parse = parse;

    [SetsRequiredMembers]
    private ChatCall(ChatCall call, Func<ChatRequest> parse) : this(parse)
    {
        (Feature, Stream, IncludeUsage, Api, CameBy) = (call.Feature, call.Stream, call.IncludeUsage, CallerApi.Canonical, call.CameBy);
        (Needs, MaxOutputTokens, Choices, LimitName) = (call.Needs, call.MaxOutputTokens, call.Choices, call.LimitName);
        (Original, AffinityKey, Fields, Bytes) = (call.Original, call.AffinityKey, call.Fields, call.Bytes);
    }

    /// <summary>Feature the caller named in <c>model</c>.</summary>
    public required string Feature { get; init; }
    public required bool Stream { get; init; }

    /// <summary>How it is sent; what <see cref="CameBy"/> says, unless it is <see cref="CallerApi.Canonical"/>.</summary>
    public CallerApi Api { get; init; }

    /// <summary>In what the caller speaks.</summary>
    public CallerApi CameBy
    {
        get => Api == CallerApi.Canonical ? field : Api;
        private init;
    }

    /// <summary>Whether the caller asked for the usage chunk of a stream.</summary>
    public bool IncludeUsage { get; init; }
    public Capabilities Needs { get; init; }
    public int? MaxOutputTokens { get; init; }

    /// <summary>Answers asked for at once, each as long as the limit allows; 1 = an ordinary call.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How the caller calls that limit.</summary>
    public string LimitName { get; init; } = "max_tokens";

    /// <summary>The caller's own bytes, in the shape of <see cref="Api"/>.</summary>
    public OriginalBody? Original { get; init; }

    /// <summary>Of whom or what it is, as the caller names it: calls with one key may be kept together. 0 = it names none.</summary>
    public ulong AffinityKey { get; init; }

    /// <summary>Length of the caller's own bytes, or of a call that nobody made what they would be.</summary>
    public int Bytes { get => Original?.Json.Length ?? field; init; }

    /// <summary>Finds the field behind each need, in the caller's own spelling. Only asked when somebody has to be told.</summary>
    public Func<OriginalBody, IReadOnlyDictionary<Capabilities, NeededField>>? Fields { get; init; }

    /// <summary>What is to be embedded; only for <see cref="CallerApi.Embeddings"/>.</summary>
    public EmbeddingRequest? Embedding
    {
        get => field ??= ParseEmbedding?.Invoke();
        init;
    }

    /// <summary>Builds <see cref="Embedding"/>, which a same-wire hop never asks for.</summary>
    public Func<EmbeddingRequest>? ParseEmbedding { private get; init; }

    public ChatRequest Request => _request ??= _parse();

    /// <summary>The same chat call in no API's own bytes.</summary>
    public ChatCall Canonical() => new(this, () => Request);

    /// <summary>In no API's own bytes, with another request: what a model is to go on from may stand at its end.</summary>
    public ChatCall GoingOn(ChatRequest request) => new(this, () => request)
    {
        Needs = request.Messages is [.., { Role: ChatRole.Assistant }] ? Needs | Capabilities.AssistantPrefill : Needs, MaxOutputTokens = request.MaxOutputTokens,
    };
}
