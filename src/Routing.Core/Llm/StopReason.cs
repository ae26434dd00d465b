using System.Text.Json.Serialization;

namespace Routing.Core.Llm;

/// <summary>Why the model stopped. The provider's own word is always kept beside it; an unknown word is <see cref="Other"/>, never <see cref="End"/>.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<StopReason>))]
public enum StopReason : byte
{
    None,
    End,
    StopSequence,
    Length,
    ToolCall,
    SafetyFiltered,
    Recitation,
    ContextExhausted,
    MalformedOutput,
    Paused,
    Other,
}
