using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;

namespace Routing.Core.Snapshots.Validation;

internal static class QuirkRules
{
    private const int LongestPath = 200;
    private const int MostRefused = 32;

    public static void Check(string path, ModelEndpointConfig endpoint, ProviderAccountConfig? account, ProblemList problems)
    {
        if (endpoint.Quirks is not { } quirks) return;
        if (account is not null && account.Provider is not (ProviderKind.OpenAICompatible or ProviderKind.AzureOpenAI))
        {
            problems.Add(path, "quirks_unused", $"Quirks are of OpenAI's wire; account '{ProblemList.Shown(account.Id)}' is on {Spoken.Provider(account.Provider)}. Remove them.");
            return;
        }

        Preset($"{path}.preset", quirks, problems);
        BasePath($"{path}.basePath", quirks.BasePath, account, problems);
        if (quirks.MaxTokens is { } maxTokens) problems.Defined($"{path}.maxTokens", "Max tokens field", maxTokens);
        if (quirks.Seed is { } seed) problems.Defined($"{path}.seed", "Seed field", seed);
        if (quirks.SystemRole is { } role) problems.Defined($"{path}.systemRole", "System role", role);
        if (quirks.ReasoningField is { } reasoning) problems.Defined($"{path}.reasoningField", "Reasoning field", reasoning);
        if (quirks.Prefill is { } prefill) problems.Defined($"{path}.prefill", "Prefill", prefill);
        Refuses($"{path}.refuses", quirks, problems);
    }

    private static void Preset(string path, QuirksConfig quirks, ProblemList problems)
    {
        if (!problems.Present(path, "The preset", quirks.Preset) || quirks.Preset.Length == 0 || QuirkPresets.IsKnown(quirks.Preset)) return;
        problems.Add(path, "preset_unknown", $"Preset '{ProblemList.Shown(quirks.Preset)}' is not known. Use {string.Join(", ", QuirkPresets.Names)}, or leave it empty for the one of the account's host.");
    }

    private static void BasePath(string path, string basePath, ProviderAccountConfig? account, ProblemList problems)
    {
        if (!problems.Present(path, "The base path", basePath) || basePath.Length == 0) return;
        if (account?.Provider == ProviderKind.AzureOpenAI)
        {
            problems.Add(path, "base_path_unused", $"Azure OpenAI has its own paths; the base path would not be used. Remove it.");
        }
        else if (basePath.Length > LongestPath)
        {
            problems.Add(path, "too_long", $"The base path has {basePath.Length:N0} characters; at most {LongestPath}.");
        }
        else if (!IsPath(basePath))
        {
            problems.Add(path, "base_path_shape", $"'{ProblemList.Shown(basePath)}' is not a base path. Begin each part with '/' and use a-z, A-Z, 0-9, '-', '_', '.', '~' in it, for example /openai/v1, or a single '/' for none.");
        }
    }

    // It stands between host and "/chat/completions"; nothing in it may lead elsewhere.
    private static bool IsPath(string path) => path == "/" || path[0] == '/' && path[1..].Split('/').All(part =>
        part is not ("" or "." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));

    private static void Refuses(string path, QuirksConfig quirks, ProblemList problems)
    {
        problems.Count(path, "refused fields", quirks.Refuses, MostRefused);
        if (quirks.Refuses.IsDefault) return;
        for (var i = 0; i < Math.Min(quirks.Refuses.Length, MostRefused); i++)
        {
            var name = quirks.Refuses[i] ?? "";
            if (!RefusedFields.IsKnown(name)) problems.Add($"{path}[{i}]", "refused_field_unknown", $"Field '{ProblemList.Shown(name)}' cannot be refused. Use {string.Join(", ", RefusedFields.Names)}.");
            else if (quirks.Refuses.IndexOf(name) < i) problems.Warn($"{path}[{i}]", "refused_field_repeated", $"Field {name} is listed twice. Remove one.");
        }
    }
}
