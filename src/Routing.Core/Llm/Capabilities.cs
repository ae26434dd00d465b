namespace Routing.Core.Llm;

/// <summary>
/// What a request needs and what a model endpoint, through its adapter, can do. The lower half are abilities of a model, which an
/// administrator may take away; the upper half are fields that a wire has a place for or has not, and only the adapter knows.
/// </summary>
[Flags]
public enum Capabilities : ulong
{
    None = 0,
    Text = 1,
    Streaming = 1 << 1,
    SystemPrompt = 1 << 2,
    Tools = 1 << 3,
    JsonObject = 1 << 4,
    JsonSchema = 1 << 5,

    /// <summary>Images inside the request.</summary>
    Vision = 1 << 6,
    Audio = 1 << 7,
    Logprobs = 1 << 8,
    MultipleChoices = 1 << 9,
    Seed = 1 << 10,
    Penalties = 1 << 11,
    Reasoning = 1 << 12,

    /// <summary>A field only an endpoint of the caller's own wire can honour.</summary>
    SameWireFields = 1 << 13,

    /// <summary>Images by https address, fetched by the provider.</summary>
    ImageUrls = 1 << 14,

    /// <summary>PDF and text documents inside the request.</summary>
    Documents = 1 << 15,
    Embeddings = 1 << 16,

    /// <summary>Counts a request's tokens without answering it.</summary>
    TokenCounting = 1 << 17,

    /// <summary>Has OpenAI's Responses API itself, so that such a call goes through as its own bytes.</summary>
    Responses = 1 << 18,

    TopK = 1UL << 32,
    StopSequences = 1UL << 33,

    /// <summary>Tools are given, and none may be called.</summary>
    ToolChoiceNone = 1UL << 34,

    /// <summary>Some tool, or one by name, must be called.</summary>
    ToolChoiceForced = 1UL << 35,

    /// <summary>At most one tool call in an answer.</summary>
    SerialToolCalls = 1UL << 36,

    /// <summary>Arguments must follow the tool's schema to the letter.</summary>
    StrictTools = 1UL << 37,

    /// <summary>Images in the result of a tool.</summary>
    ToolResultImages = 1UL << 38,

    /// <summary>A tool result marked as an error.</summary>
    ToolErrors = 1UL << 39,

    /// <summary>A temperature above 1.</summary>
    HighTemperature = 1UL << 40,
    LogitBias = 1UL << 41,

    /// <summary>An opaque id of the end user, for the provider's abuse checks.</summary>
    EndUser = 1UL << 42,
    Metadata = 1UL << 43,
    ServiceTier = 1UL << 44,
    Verbosity = 1UL << 45,

    /// <summary>A key that keeps requests with one prefix together.</summary>
    PromptCacheKey = 1UL << 46,

    /// <summary>Marks in the prompt up to which the provider should cache.</summary>
    CacheControl = 1UL << 47,

    /// <summary>Reasoning limited by a number of tokens.</summary>
    ReasoningBudget = 1UL << 48,

    /// <summary>
    /// Earlier reasoning handed back with its signature. In a <see cref="CallerApi.Responses"/> call it is that of other wires, which an
    /// endpoint of OpenAI's own cannot open; what its models sealed are <see cref="SameWireFields"/>.
    /// </summary>
    ReasoningHistory = 1UL << 49,

    /// <summary>The conversation ends with the assistant's turn, which the model is to continue.</summary>
    AssistantPrefill = 1UL << 50,

    /// <summary>A length of embedding vectors.</summary>
    Dimensions = 1UL << 51,

    /// <summary>A summary of the reasoning in the answer.</summary>
    ReasoningSummary = 1UL << 52,

    /// <summary>Messages that carry the name of who wrote them.</summary>
    ParticipantNames = 1UL << 53,

    /// <summary>How closely an image is to be looked at.</summary>
    ImageDetail = 1UL << 54,

    /// <summary>A turn of the user without anything in it, or no turn at all: left out, the conversation would mean something else.</summary>
    EmptyTurns = 1UL << 55,

    /// <summary>A word for the effort of reasoning that this version does not know: a new one, or a slip of the pen.</summary>
    UnknownEffort = 1UL << 56,
}
