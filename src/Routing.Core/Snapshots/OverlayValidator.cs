using System.Collections.Immutable;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots;

/// <summary>Says everything that is wrong with an overlay, before any of it acts. Pure, and safe for overlays that nobody of ours wrote.</summary>
public static class OverlayValidator
{
    public const int MaxRevokedKeys = 1_000_000;

    public static ImmutableArray<SnapshotProblem> Validate(EdgeOverlay overlay)
    {
        ArgumentNullException.ThrowIfNull(overlay);
        var problems = new ProblemList();
        if (overlay.Version < 0) problems.Add("overlay.version", "out_of_range", $"The overlay's version is {overlay.Version}; at least 0.");
        RevokedKeys(overlay.RevokedKeys, problems);
        Secrets(overlay.Secrets, problems);
        Isolations(overlay.Isolations, problems);
        ForcedShares(overlay.ForcedShares, problems);
        return problems.ToImmutable();
    }

    private static void RevokedKeys(ImmutableArray<string> keys, ProblemList problems)
    {
        problems.Count("overlay.revokedKeys", "revoked keys", keys, MaxRevokedKeys);
        for (var i = 0; !keys.IsDefault && i < keys.Length; i++)
        {
            if (Ids.IsSha256(keys[i])) continue;
            problems.Add($"overlay.revokedKeys[{i}]", "sha256_shape", $"This is not a SHA-256: it has {keys[i]?.Length ?? 0:N0} characters or one that is not allowed. Write 64 lower-case hexadecimal digits.");
        }
    }

    private static void Secrets(ImmutableArray<SealedSecret> secrets, ProblemList problems)
    {
        problems.Count("overlay.secrets", "secrets", secrets, SnapshotValidator.MaxAccounts);
        for (var i = 0; !secrets.IsDefault && i < secrets.Length; i++)
        {
            if (secrets[i] is not { Id: not null, Box: not null }) problems.Add($"overlay.secrets[{i}]", "item_incomplete", $"Entry {i} lacks its id or its sealed box.");
        }
    }

    private static void Isolations(ImmutableArray<Isolation> isolations, ProblemList problems)
    {
        problems.Count("overlay.isolations", "isolations", isolations, SnapshotValidator.MaxModelEndpoints);
        for (var i = 0; !isolations.IsDefault && i < isolations.Length; i++)
        {
            if (isolations[i] is not { ModelEndpoint: not null, Reason: not null, By: not null })
            {
                problems.Add($"overlay.isolations[{i}]", "item_incomplete", $"Entry {i} lacks its model endpoint, its reason or who asked for it.");
            }
        }
    }

    private static void ForcedShares(ImmutableArray<ForcedShare> shares, ProblemList problems)
    {
        problems.Count("overlay.forcedShares", "forced shares", shares, SnapshotValidator.MaxModelEndpoints);
        for (var i = 0; !shares.IsDefault && i < shares.Length; i++)
        {
            if (shares[i] is not { ModelEndpoint: not null, Reason: not null, By: not null } share)
            {
                problems.Add($"overlay.forcedShares[{i}]", "item_incomplete", $"Entry {i} lacks its model endpoint, its reason or who asked for it.");
            }
            else
            {
                problems.Range($"overlay.forcedShares[{i}].sharePercent", "The share", share.SharePercent, 0, 100, "%");
            }
        }
    }
}
