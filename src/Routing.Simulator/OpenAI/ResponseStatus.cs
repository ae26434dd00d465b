using Routing.Simulator.Answers;

namespace Routing.Simulator.OpenAI;

/// <summary>How a response ended: a status, and for incomplete ones a reason.</summary>
internal sealed record ResponseStatus(string Status, string? Reason = null)
{
    public static readonly ResponseStatus InProgress = new("in_progress");

    /// <summary>Last word of the terminal event's name.</summary>
    public string Event => Status is "failed" or "incomplete" or "cancelled" ? Status : "completed";

    public static ResponseStatus Of(Choice choice) => choice.Stop switch
    {
        StopCause.Length => new("incomplete", "max_output_tokens"),
        StopCause.ContentFilter => new("incomplete", "content_filter"),
        StopCause.Named when choice.NamedStop is "completed" or "failed" or "cancelled" => new(choice.NamedStop),
        StopCause.Named => new("incomplete", choice.NamedStop),
        _ => new("completed"),
    };
}
