namespace ControlPlane.Web.Ui;

/// <summary>A short word that stands on the page and in the log, so that a screenshot is enough to find the entry.</summary>
public static class ErrorReference
{
    public static string Next(TimeProvider time)
    {
        string tail = Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[^8..];
        return $"{tail[..4]}-{tail[4..]}";
    }
}
