using System.Globalization;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>One request: where it went and why, how long each step took, what it cost.</summary>
public sealed partial class RequestPage
{
    private RequestView? _request;
    private RequestVerdict? _verdict;

    /// <summary>As callers see it in <c>x-route-request-id</c>.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private RequestStore Store { get; set; } = null!; // injected

    private string Title => _request is { } r ? $"{(r.Feature.Length > 0 ? r.Feature : r.Probe ? "Probe" : "Request")}, {r.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}" : Ready ? Missing : $"Request {Id}";

    private string Missing => Expired is { } made ? $"The request of {Format.DayAndClock(made)} UTC is no longer kept" : "There is no such request";

    private string MissingText => RequestIdPrefix.Parse(Id)?.Whole is null ? "That is no id of a request. Its callers see it in the header x-route-request-id."
        : Expired is not null ? $"Single requests are kept for {Store.KeptDays} days. What remains are sums: its cost in Cost, its outcome and latency in the charts of Health."
        : $"An edge sends what it did within seconds, and later when it was cut off. Single requests are kept for {Store.KeptDays} days; after that their sums remain in Cost and Health.";

    /// <summary>When it was made by its id, if that is longer ago than requests are kept.</summary>
    private DateTimeOffset? Expired => RequestIdPrefix.Parse(Id) is { Whole: not null } id && id.From < Time.GetUtcNow().AddDays(-Store.KeptDays) && id.From > DateTimeOffset.UnixEpoch.AddYears(50) ? id.From : null;

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _request = RequestIdPrefix.Parse(Id)?.Whole is { } id ? await Store.FindAsync(id, cancellationToken) : null;
        _verdict = _request is null ? null : RequestVerdict.Of(_request);
    }

    private static string Moment(DateTimeOffset at) => $"{Format.Day(at)}, {at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}";

    private static string ToneOf(RequestView request) => request.Outcome switch
    {
        RequestOutcome.Answered => request.After is not null ? "warn" : "good",
        RequestOutcome.Cancelled => "",
        _ => "bad",
    };

    private static string Because(AttemptCause cause) => cause switch
    {
        AttemptCause.Primary => "first choice",
        AttemptCause.Retry => "retry on the same",
        AttemptCause.Failover => "failover",
        AttemptCause.Warm => "keeps a backup warm",
        AttemptCause.Hedge => "asked beside a slow one",
        AttemptCause.Continuation => "went on from a broken answer",
        AttemptCause.Shadow => "copy of an answered call",
        _ => "probe",
    };

    private static string Tokens(AttemptView attempt) => $"{Format.CountExact(attempt.InputTokens)} in, {Format.CountExact(attempt.OutputTokens)} out";

    private static string Price(AttemptView attempt) => attempt switch
    {
        { InputTokens: 0, OutputTokens: 0, CostMicros: null or 0 } => Format.Nothing,
        { CostMicros: { } micros } => Format.Money(micros, attempt.Currency ?? "USD", MoneyKind.PerRequest),
        _ => "unpriced",
    };

    private static string Source(RequestCost cost) => cost switch
    {
        { Unpriced: true } => "An attempt used tokens and its model endpoint had no price: its cost is unknown, not zero.",
        { Source: UsageSource.Estimated } => "Priced from published prices. Tokens of an attempt were estimated, because the provider's figure never came; it may bill them otherwise.",
        { Source: UsageSource.Reported } => "Priced from published prices and the tokens that providers reported.",
        _ => "No tokens were used.",
    };
}
