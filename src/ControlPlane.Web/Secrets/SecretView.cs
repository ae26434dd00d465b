namespace ControlPlane.Web.Secrets;

/// <summary>What people may know of a stored secret: enough to recognise it, never enough to use it.</summary>
/// <param name="Hint">Last four characters of its main value.</param>
/// <param name="Fingerprint">Of the whole secret under a key of this installation: equal secrets have equal ones, and nobody else can test a guess.</param>
/// <param name="VoidedBecause">Why it was dropped; empty while it is present.</param>
public sealed record SecretView(string Hint, string Fingerprint, long Version, DateTimeOffset SetAt, string SetBy, string VoidedBecause)
{
    public bool Present => VoidedBecause.Length == 0;

    /// <summary>The one of an account that points there; else its newest, and why it is of no use; null when none was ever set.</summary>
    internal static SecretView? For(IEnumerable<StoredSecret> ofAccount, string destination)
    {
        StoredSecret? row = ofAccount.OrderBy(s => s.VoidedBecause.Length == 0 && s.Destination == destination).ThenBy(s => s.Version).LastOrDefault();
        if (row is null || row.VoidedBecause.Length > 0 || row.Destination == destination) return row is null ? null : Of(row);
        return Of(row) with { VoidedBecause = $"It was given for {row.Destination}; the account now points to {destination}." };
    }

    internal static SecretView Of(StoredSecret row) => new(row.Hint, row.Fingerprint, row.Version, row.SetAt, row.SetBy, row.VoidedBecause);
}
