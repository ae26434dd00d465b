using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots;

/// <summary>
/// Says everything that is wrong with a document, on both sides: before it is published and before it is applied. Pure, and safe for documents that
/// nobody of ours wrote: nothing in them makes it throw.
/// </summary>
public static class SnapshotValidator
{
    /// <summary>Larger documents are refused before they are parsed.</summary>
    public const int MaxDocumentBytes = 20 * 1024 * 1024;

    public const int MaxAccounts = 500;
    public const int MaxModelEndpoints = 5_000;
    public const int MaxBreakers = 1_000;
    public const int MaxFeatures = 5_000;
    public const int MaxCallers = 10_000;
    public const int MaxPrices = 50_000;

    /// <param name="snapshot">As deserialised; nulls where the types promise none are expected.</param>
    /// <param name="rules">This process's allow-list. Null checks how addresses are written but not where they lead: that is for each edge to say.</param>
    public static ImmutableArray<SnapshotProblem> Validate(RoutingSnapshot? snapshot, AddressRules? rules = null) => Validate(snapshot, rules, new ProblemList());

    /// <summary>
    /// The same of a document that was published once: an edge that runs it, and an administrator who goes back to it, must not be stopped by a rule
    /// that is younger. What such a rule refuses in a new document is a warning here.
    /// </summary>
    public static ImmutableArray<SnapshotProblem> ValidatePublished(RoutingSnapshot? snapshot, AddressRules? rules = null) =>
        Validate(snapshot, rules, new ProblemList { IsPublished = true });

    public static bool HasErrors(ImmutableArray<SnapshotProblem> problems)
    {
        foreach (var problem in problems)
        {
            if (problem.Severity == ProblemSeverity.Error) return true;
        }
        return false;
    }

    /// <summary>Problem of a document's size in bytes, or null.</summary>
    public static SnapshotProblem? CheckSize(long bytes) => bytes <= MaxDocumentBytes ? null
        : new SnapshotProblem("", "document_too_large", $"The document has {bytes:N0} bytes; at most {MaxDocumentBytes:N0}. Split it over several edges' configurations.");

    private static ImmutableArray<SnapshotProblem> Validate(RoutingSnapshot? snapshot, AddressRules? rules, ProblemList problems)
    {
        if (snapshot is null)
        {
            problems.Add("", "document_missing", $"The document is empty. Send a JSON object.");
            return problems.ToImmutable();
        }

        Document(snapshot, problems);
        var index = new SnapshotIndex(snapshot);
        AccountRules.Check(index, rules, problems);
        BreakerRules.Check(index, problems);
        ModelEndpointRules.Check(index, problems);
        FeatureRules.Check(index, problems);
        CallerRules.Check(index, problems);
        PriceRules.Check(index, problems);
        return problems.ToImmutable();
    }

    private static void Document(RoutingSnapshot snapshot, ProblemList problems)
    {
        if (snapshot.SchemaVersion is < 1 or > RoutingSnapshot.CurrentSchema)
        {
            problems.Add("schemaVersion", "schema_unknown",
                $"Schema version is {snapshot.SchemaVersion}; this version reads 1 to {RoutingSnapshot.CurrentSchema}. Upgrade this process first.");
        }
        if (snapshot.Revision < 0) problems.Add("revision", "out_of_range", $"Revision is {snapshot.Revision}; at least 0.");
        problems.Text("note", "Note", snapshot.Note, 2_000);
        problems.Count("accounts", "accounts", snapshot.Accounts, MaxAccounts);
        problems.Count("modelEndpoints", "model endpoints", snapshot.ModelEndpoints, MaxModelEndpoints);
        problems.Count("breakers", "breaker policies", snapshot.Breakers, MaxBreakers);
        problems.Count("features", "features", snapshot.Features, MaxFeatures);
        problems.Count("callers", "callers", snapshot.Callers, MaxCallers);
        problems.Count("prices", "prices", snapshot.Prices, MaxPrices);
    }
}
