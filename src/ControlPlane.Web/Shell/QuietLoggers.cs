namespace ControlPlane.Web.Shell;

/// <summary>Two loggers of the framework that repeat what they carry. They say nothing below a warning, whatever level the settings ask of everything.</summary>
internal static class QuietLoggers
{
    private static readonly string[] Repeating =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", // Information: each address with its query, so the token of a one-time link
        "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", // Debug: the arguments of each message, so what is typed into a form
    ];

    public static void AddQuietLoggers(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(Quieten);

    private static void Quieten(LoggerFilterOptions options)
    {
        // A provider's own rules win over the common ones, and of two for the same logger the later.
        List<string?> providers = [.. options.Rules.Select(r => r.ProviderName).Append(null).Distinct()];
        foreach (string? provider in providers)
        {
            foreach (string category in Repeating) options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
        }
    }
}
