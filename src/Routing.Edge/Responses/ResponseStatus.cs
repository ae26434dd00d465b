using Routing.Core.Llm;

namespace Routing.Edge.Responses;

/// <summary>How an answer ended, in OpenAI's words.</summary>
internal readonly record struct ResponseStatus(string Word, string? Reason)
{
    public static readonly ResponseStatus InProgress = new("in_progress", null);
    public static readonly ResponseStatus Failed = new("failed", null);

    private const string Completed = "completed";
    private const string Incomplete = "incomplete";

    public bool IsCompleted => Word == Completed;

    /// <summary>A stop that OpenAI has no word for goes out as the provider wrote it: a client sees that it is unknown, and no success.</summary>
    public static ResponseStatus Of(StopReason stop, string? raw) => stop switch
    {
        StopReason.None or StopReason.End or StopReason.StopSequence or StopReason.ToolCall => new(Completed, null),
        StopReason.Length or StopReason.ContextExhausted => new(Incomplete, "max_output_tokens"),
        StopReason.SafetyFiltered or StopReason.Recitation => new(Incomplete, "content_filter"),
        _ => new(Incomplete, raw ?? "other"),
    };
}
