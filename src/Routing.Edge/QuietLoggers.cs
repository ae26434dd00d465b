namespace Routing.Edge;

/// <summary>
/// Loggers of the framework that repeat what they carry. They say nothing below a warning, whatever level the settings ask of everything;
/// the host's says nothing at all, for while it may, every request is given an activity and a scope.
/// </summary>
internal static class QuietLoggers
{
    private static readonly (string Category, LogLevel Least)[] Repeating =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None), // Information: each address with its query, where some clients put a key
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning), // Debug: the line of a header or request that could not be read
        ("System.Net.Http", LogLevel.Warning), // Trace: headers
    ];

    public static void AddQuietLoggers(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(Quieten);

    private static void Quieten(LoggerFilterOptions options)
    {
        // A provider's own rules win over the common ones, and of two for the same logger the later; the common ones are silent enough.
        List<string> providers = [.. options.Rules.Select(r => r.ProviderName).OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var provider in providers)
        {
            foreach (var (category, least) in Repeating) options.Rules.Add(new LoggerFilterRule(provider, category, least, filter: null));
        }
    }
}
