using System.Collections.Immutable;
using ControlPlane.Web.Data;

namespace ControlPlane.Web.Callers;

/// <summary>A caller as pages show it; keys newest first.</summary>
public sealed record CallerView(
    string Id, string Name, ImmutableArray<string> Features, ImmutableArray<CallerKeyView> Keys, long Version, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    internal static CallerView Of(Caller row) => new(
        row.Id, row.Name, JsonText.Strings(row.Features),
        [.. row.Keys.OrderByDescending(k => k.CreatedAt).Select(k => new CallerKeyView(k.Id, k.Prefix, k.CreatedAt, k.CreatedBy, k.ExpiresAt, k.RevokedAt, k.RevokedBy))],
        row.Version, row.UpdatedAt, row.UpdatedBy);
}

public sealed record CallerKeyView(
    Guid Id, string Prefix, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string RevokedBy);

/// <summary>A key just made. <see cref="Key"/> exists here and nowhere else: show it once.</summary>
public sealed record NewCallerKey(string Key, CallerKeyView View)
{
    public override string ToString() => View.Prefix + "…";
}
