using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Snapshots.Validation;

internal static class ModelEndpointRules
{
    public static void Check(SnapshotIndex index, ProblemList problems)
    {
        var used = index.Features.SelectMany(f => SnapshotIndex.Items(f?.Candidates ?? [])).Select(c => c?.ModelEndpoint).ToHashSet(StringComparer.Ordinal);
        var priced = index.Prices.Select(p => p?.ModelEndpoint).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, endpoint) in SnapshotIndex.Each("modelEndpoints", "Model endpoint", index.ModelEndpoints, e => e.Id, problems))
        {
            problems.Id($"{path}.id", "Model endpoint id", endpoint.Id);
            problems.Text($"{path}.displayName", "Display name", endpoint.DisplayName, 100);
            problems.Defined($"{path}.capacityClass", "Capacity class", endpoint.CapacityClass);
            problems.Defined($"{path}.family", "Model family", endpoint.Family);
            References(path, endpoint, index, problems);
            Region(path, endpoint, index.AccountOf(endpoint), problems);
            if (problems.Present($"{path}.residency", "Residency", endpoint.Residency) && endpoint.Residency.Length > 0) problems.Residency($"{path}.residency", endpoint.Residency);
            Model(path, endpoint, problems);
            FamilyRules.Check(path, endpoint, index.AccountOf(endpoint), problems);
            Limits(path, endpoint, problems);
            CapabilityList(path, endpoint, problems);
            QuirkRules.Check($"{path}.quirks", endpoint, index.AccountOf(endpoint), problems);
            if (!Ids.IsValid(endpoint.Id)) continue;
            if (!used.Contains(endpoint.Id)) problems.Warn(path, "endpoint_unused", $"No feature uses {endpoint.Id}. Bind it or remove it.");
            if (!priced.Contains(endpoint.Id)) problems.Warn(path, "endpoint_unpriced", $"{endpoint.Id} has no price: its calls are shown as unpriced. Add a price.");
        }
    }

    private static void References(string path, ModelEndpointConfig endpoint, SnapshotIndex index, ProblemList problems)
    {
        if (index.AccountOf(endpoint) is null)
        {
            problems.Add($"{path}.account", "reference_dangling", $"Account '{ProblemList.Shown(endpoint.Account)}' does not exist. Name one of the accounts, or add it.");
        }
        if (problems.Present($"{path}.breaker", "The breaker policy", endpoint.Breaker) && endpoint.Breaker.Length > 0 && !index.BreakersById.ContainsKey(endpoint.Breaker))
        {
            problems.Add($"{path}.breaker", "reference_dangling", $"Breaker policy '{ProblemList.Shown(endpoint.Breaker)}' does not exist. Name one of the policies, or leave it empty for the defaults.");
        }
    }

    // A region becomes part of a host name.
    private static void Region(string path, ModelEndpointConfig endpoint, ProviderAccountConfig? account, ProblemList problems)
    {
        var region = endpoint.Region;
        if (!problems.Present($"{path}.region", "The region", region)) return;
        if (region.Length == 0)
        {
            if (account?.Provider is ProviderKind.Bedrock or ProviderKind.Vertex)
            {
                problems.Add($"{path}.region", "region_missing", $"The region is missing; {Spoken.Provider(account.Provider)} needs one, for example {(account.Provider == ProviderKind.Bedrock ? "us-east-1" : "us-east5")}.");
            }
        }
        else if (region.Length > 40 || region[0] == '-' || region[^1] == '-' || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            problems.Add($"{path}.region", "region_shape", $"'{ProblemList.Shown(region)}' is not a region. Use 1 to 40 of a-z, 0-9, '-', as the provider writes it.");
        }
    }

    private static void Model(string path, ModelEndpointConfig endpoint, ProblemList problems)
    {
        var model = endpoint.Model ?? "";
        if (model.Length == 0) problems.Add($"{path}.model", "model_missing", $"The model is missing. Write the model id, inference profile, ARN or deployment name.");
        else if (model.Length > 256) problems.Add($"{path}.model", "too_long", $"The model has {model.Length:N0} characters; at most 256.");
        else if (model.AsSpan().ContainsAnyExceptInRange('!', '~') || model.AsSpan().ContainsAny('?', '#', '\\') || IsTraversal(model))
        {
            problems.Add($"{path}.model", "model_shape", $"'{ProblemList.Shown(model)}' is not a model name. Use printable ASCII without spaces, '?', '#', '\\' and without '.' or '..' between slashes.");
        }
    }

    // It becomes part of a path, on some clouds with its slashes.
    private static bool IsTraversal(string model) => model.Split('/') is { Length: > 1 } parts && parts.Any(p => p is "" or "." or "..") || model is "." or "..";

    private static void Limits(string path, ModelEndpointConfig endpoint, ProblemList problems)
    {
        problems.Range($"{path}.contextTokens", "Context", endpoint.ContextTokens, 0, 100_000_000, "tokens");
        problems.Range($"{path}.requestsPerMinute", "Quota in requests", endpoint.RequestsPerMinute, 0, 100_000_000, "a minute");
        problems.Range($"{path}.tokensPerMinute", "Quota in tokens", endpoint.TokensPerMinute, 0, 2_000_000_000, "a minute");
        problems.Range($"{path}.maxOutputTokens", "Output limit", endpoint.MaxOutputTokens, 1, 1_000_000, "tokens");
        if (endpoint.ContextTokens > 0 && endpoint.MaxOutputTokens >= endpoint.ContextTokens)
        {
            problems.Warn($"{path}.maxOutputTokens", "output_fills_context",
                $"The output limit is {endpoint.MaxOutputTokens:N0} tokens, the context {endpoint.ContextTokens:N0}: nothing is left for the prompt. Lower the output limit.");
        }
    }

    private static void CapabilityList(string path, ModelEndpointConfig endpoint, ProblemList problems)
    {
        problems.Count($"{path}.capabilities", "capabilities", endpoint.Capabilities, 32);
        if (endpoint.Capabilities.IsDefault) return;
        for (var i = 0; i < Math.Min(endpoint.Capabilities.Length, 32); i++)
        {
            var name = endpoint.Capabilities[i] ?? "";
            if (!CapabilityNames.TryParse(name, out _))
            {
                problems.Add($"{path}.capabilities[{i}]", "capability_unknown", $"Capability '{ProblemList.Shown(name)}' is not known. Use {string.Join(", ", CapabilityNames.All)}.");
            }
            else if (endpoint.Capabilities.IndexOf(name) < i)
            {
                problems.Warn($"{path}.capabilities[{i}]", "capability_repeated", $"Capability {name} is listed twice. Remove one.");
            }
        }
    }
}
