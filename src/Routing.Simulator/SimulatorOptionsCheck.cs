using Routing.Simulator.Faults;

namespace Routing.Simulator;

/// <summary>What is wrong with the settings, all at once, each with its name, value and limit.</summary>
internal static class SimulatorOptionsCheck
{
    public static void ThrowIfWrong(SimulatorOptions options)
    {
        List<string> problems = [.. OfProcess(options), .. options.Models.SelectMany(OfModel), .. OfKeys(options)];
        if (problems.Count > 0) throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }

    private static IEnumerable<string> OfProcess(SimulatorOptions options)
    {
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var listen) || listen.Scheme != Uri.UriSchemeHttp)
            yield return $"Simulator:Listen is '{options.Listen}'; it must be http://host:port (the simulator speaks no TLS).";
        else if (listen.HostNameType == UriHostNameType.Dns && !listen.IsLoopback)
            yield return $"Simulator:Listen is '{options.Listen}'; the host must be localhost or an address of this machine, as names are not looked up.";
        if (options.Speed is not (>= 0 and < double.PositiveInfinity)) yield return $"Simulator:Speed is {options.Speed}; it must be 0 or more.";
        if (options.Google.TokenSeconds < 1) yield return $"Simulator:Google:TokenSeconds is {options.Google.TokenSeconds}; it must be at least 1.";
        if (options.Tokens.LongestSeconds < 1) yield return $"Simulator:Tokens:LongestSeconds is {options.Tokens.LongestSeconds}; it must be at least 1.";
    }

    private static IEnumerable<string> OfModel(ModelBehaviour model)
    {
        var at = $"Simulator:Models '{model.Key}'";
        if (EndpointKey.Parse(model.Key) is null) yield return $"{at}: the key is not of the form {EndpointKey.Form}.";
        if (model.FirstTokenMs is not (>= 0 and <= 3_600_000)) yield return $"{at}: FirstTokenMs is {model.FirstTokenMs}; it must be 0 to 3,600,000.";
        if (model.FirstTokenSigma is not (>= 0 and <= 3)) yield return $"{at}: FirstTokenSigma is {model.FirstTokenSigma}; it must be 0 to 3.";
        if (model.TokensPerSecond is not >= 0) yield return $"{at}: TokensPerSecond is {model.TokensPerSecond}; it must be 0 (at once) or more.";
        if (model.AnswerTokens is < 1 or > 100_000) yield return $"{at}: AnswerTokens is {model.AnswerTokens}; it must be 1 to 100,000.";
        if (model.CachedShare is not (>= 0 and <= 1)) yield return $"{at}: CachedShare is {model.CachedShare}; it must be 0 to 1.";
        if (model.ThoughtTokens < 0) yield return $"{at}: ThoughtTokens is {model.ThoughtTokens}; it must not be negative.";
    }

    // A key listed twice would be refused by a dictionary, in words that show it.
    private static IEnumerable<string> OfKeys(SimulatorOptions options)
    {
        if (HasTwice(options.Aws.Keys.Select(k => k.Id))) yield return "Simulator:Aws:Keys has an id twice.";
        if (HasTwice(options.Google.Tokens)) yield return "Simulator:Google:Tokens has a token twice.";
        if (HasTwice(options.Google.ServiceAccounts.Select(a => a.Email))) yield return "Simulator:Google:ServiceAccounts has an account twice.";
        if (HasTwice(options.Azure.Keys.Select(k => k.Key))) yield return "Simulator:Azure:Keys has a key twice.";
        if (HasTwice(options.Azure.Tokens)) yield return "Simulator:Azure:Tokens has a token twice.";
        if (HasTwice(options.OpenAI.Keys)) yield return "Simulator:OpenAI:Keys has a key twice.";
        if (HasTwice(options.Anthropic.Keys.Concat(options.Anthropic.Tokens))) yield return "Simulator:Anthropic:Keys and Tokens have one twice.";
    }

    private static bool HasTwice(IEnumerable<string> values) => values.GroupBy(v => v, StringComparer.Ordinal).Any(g => g.Count() > 1);
}
