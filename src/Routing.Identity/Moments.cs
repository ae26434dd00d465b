using System.Globalization;

namespace Routing.Identity;

internal static class Moments
{
    /// <summary>As sentences and facts show a moment.</summary>
    public static string Spelled(this DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
