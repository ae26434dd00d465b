namespace ControlPlane.Web.Ui;

/// <summary>Ids that tie a label to its element. Unique within the process, which is more than a page needs; prerender and circuit may differ.</summary>
internal static class ElementId
{
    private static long _last;

    public static string Next(string prefix) => $"{prefix}-{Interlocked.Increment(ref _last)}";
}
