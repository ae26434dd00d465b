namespace Routing.Core.Llm;

/// <summary>What a request needs and what a model endpoint, through its adapter, can do.</summary>
[Flags]
public enum Capabilities
{
    None = 0,
    Text = 1,
    Streaming = 1 << 1,
    SystemPrompt = 1 << 2,
    Tools = 1 << 3,
    JsonObject = 1 << 4,
    JsonSchema = 1 << 5,
    Vision = 1 << 6,
    Audio = 1 << 7,
    Logprobs = 1 << 8,
    MultipleChoices = 1 << 9,
    Seed = 1 << 10,
    Penalties = 1 << 11,
    Reasoning = 1 << 12,

    /// <summary>A field only an endpoint of the caller's own wire can honour.</summary>
    SameWireFields = 1 << 13,
}
