namespace ControlPlane.Web.Secrets;

/// <summary>What people may know of a stored secret: enough to recognise it, never enough to use it.</summary>
/// <param name="Hint">Last four characters of its main value.</param>
/// <param name="Fingerprint">Of the whole secret under a key of this installation: equal secrets have equal ones, and nobody else can test a guess.</param>
/// <param name="VoidedBecause">Why it was dropped; empty while it is present.</param>
public sealed record SecretView(string Hint, string Fingerprint, long Version, DateTimeOffset SetAt, string SetBy, string VoidedBecause)
{
    public bool Present => VoidedBecause.Length == 0;

    internal static SecretView Of(StoredSecret row) => new(row.Hint, row.Fingerprint, row.Version, row.SetAt, row.SetBy, row.VoidedBecause);
}
