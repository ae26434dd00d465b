using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Web.Shell;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>What was asked lately, and how it ended. Every filter is in the address.</summary>
public sealed partial class RequestsPage
{
    private const int PageSize = 50;

    private static readonly ImmutableArray<string> Outcomes = [.. Enum.GetNames<RequestOutcome>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
    private static readonly ImmutableArray<string> Failures = [.. Enum.GetValues<FailureKind>().Select(k => k.Name()).Order(StringComparer.Ordinal)];

    private ImmutableArray<RequestSummary> _rows = [];
    private RequestFacets _facets = new([], [], []);

    [SupplyParameterFromQuery(Name = TimeRange.QueryName)] private string? From { get; set; }
    [SupplyParameterFromQuery(Name = "id")] private string? Id { get; set; }
    [SupplyParameterFromQuery(Name = "feature")] private string? Feature { get; set; }
    [SupplyParameterFromQuery(Name = "caller")] private string? Caller { get; set; }
    [SupplyParameterFromQuery(Name = "endpoint")] private string? Endpoint { get; set; }
    [SupplyParameterFromQuery(Name = "failed-on")] private string? FailedOn { get; set; }
    [SupplyParameterFromQuery(Name = "outcome")] private string? AskedOutcome { get; set; }
    [SupplyParameterFromQuery(Name = "failure")] private string? AskedFailure { get; set; }
    [SupplyParameterFromQuery(Name = "probes")] private string? AskedProbes { get; set; }
    [SupplyParameterFromQuery(Name = "before")] private string? AskedBefore { get; set; }

    [Inject] private RequestStore Store { get; set; } = null!; // injected

    private TimeRange Range => TimeRange.Parse(From);

    private RequestIdPrefix? Prefix => RequestIdPrefix.Parse(Id);

    private string? IdProblem => string.IsNullOrWhiteSpace(Id) || Prefix is not null ? null
        : $"An id has digits 0-9 and a-f; give {RequestIdPrefix.FewestDigits} of them or more.";

    private RequestOutcome? Outcome => Word<RequestOutcome>(AskedOutcome);

    private FailureKind? Failure => Word<FailureKind>(AskedFailure);

    private bool Probes => AskedProbes == "1";

    private Guid? Before => Guid.TryParse(AskedBefore, out Guid id) ? id : null;

    private int Filters => new object?[] { Prefix, Feature, Caller, Endpoint, FailedOn, Outcome, Failure }.Count(f => f is not null);

    private string Empty => Prefix is not null ? $"No request whose id begins so is kept. After {Store.KeptDays} days only sums are: see Cost and Health. An edge sends what it did within seconds."
        : Filters > 0 ? "Widen the time range, or take a filter away."
        : "Requests appear here seconds after an edge has answered them. A caller needs a key and a published feature.";

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        (DateTimeOffset from, DateTimeOffset to) = Range.At(Time.GetUtcNow());
        // Edges' clocks may be a little ahead.
        var filter = new RequestFilter
        {
            From = from, To = to.AddMinutes(10), Id = Prefix, Feature = Feature, Caller = Caller, ServedBy = Endpoint, FailedOn = FailedOn, Outcome = Outcome, Failure = Failure, Probes = Probes,
        };
        _facets = await Store.ListFacetsAsync(cancellationToken);
        _rows = await Store.ListAsync(filter, Before, PageSize, cancellationToken);
    }

    private static T? Word<T>(string? text) where T : struct, Enum =>
        Enum.TryParse((text ?? "").Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : null;

    private static string Or(string text) => text.Length > 0 ? text : Format.Nothing;

    private string When(DateTimeOffset at) =>
        (at.UtcDateTime.Date == Time.GetUtcNow().UtcDateTime.Date ? "" : Format.Day(at) + " ") + at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private string Link(string name, string? value) => Urls.WithQuery("/" + Navigation.ToBaseRelativePath(Navigation.Uri), name, value);

    private void Show(string name, string? value)
    {
        string? wanted = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
        bool whole = name == "id" && RequestIdPrefix.Parse(wanted)?.Whole is not null;
        Navigation.NavigateTo(whole ? Urls.Request(RequestIdPrefix.Parse(wanted)!.Whole!.Value) // whole: it is one
            : Urls.WithQuery(Link("before", null), name, wanted));
    }

    // Enter in a field changes it, which is what filters.
    private static void Nothing() { }
}
