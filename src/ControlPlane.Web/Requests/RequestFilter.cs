using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>Which requests a list shows; null: all.</summary>
public sealed record RequestFilter
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public string? Feature { get; init; }
    public string? Caller { get; init; }

    /// <summary>Model endpoint that answered.</summary>
    public string? ServedBy { get; init; }

    /// <summary>Model endpoint on which an attempt failed, whoever answered in the end.</summary>
    public string? FailedOn { get; init; }
    public RequestOutcome? Outcome { get; init; }
    public FailureKind? Failure { get; init; }

    /// <summary>First digits of the id; then <see cref="From"/> and <see cref="To"/> do not matter.</summary>
    public RequestIdPrefix? Id { get; init; }

    /// <summary>Also the control plane's own probes.</summary>
    public bool Probes { get; init; }
}
