using System.Collections.Immutable;
using ControlPlane.Web.Data;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>A model endpoint as pages show it.</summary>
/// <param name="Provider">Of its account; null when the account is missing.</param>
/// <param name="UsedBy">Features that have it as a candidate.</param>
public sealed record ModelEndpointView(
    string Id,
    string DisplayName,
    string Account,
    ProviderKind? Provider,
    string Region,
    string Model,
    CapacityClass CapacityClass,
    ModelFamily Family,
    QuirksConfig? Quirks,
    ImmutableArray<string> Capabilities,
    int ContextTokens,
    int MaxOutputTokens,
    string Residency,
    int RequestsPerMinute,
    int TokensPerMinute,
    string Breaker,
    bool Probe,
    ImmutableArray<string> UsedBy,
    long Version,
    DateTimeOffset UpdatedAt,
    string UpdatedBy)
{
    /// <summary>Name for people: its own, else the model's.</summary>
    public string Title => DisplayName.Length > 0 ? DisplayName : Model;

    internal static ModelEndpointView Of(ModelEndpoint row) => new(
        row.Id, row.DisplayName, row.Account, null, row.Region, row.Model, row.CapacityClass, row.Family, QuirksOf(row), JsonText.Strings(row.Capabilities), row.ContextTokens,
        row.MaxOutputTokens, row.Residency, row.RequestsPerMinute, row.TokensPerMinute, row.Breaker, row.Probe, [], row.Version, row.UpdatedAt, row.UpdatedBy);

    internal static QuirksConfig? QuirksOf(ModelEndpoint row) => row.Quirks.Length == 0 ? null : JsonText.Read<QuirksConfig>(row.Quirks);
}
