using Routing.Core.Snapshots.Validation;

namespace Routing.Core.Snapshots.Diff;

internal static class ModelEndpointChanges
{
    public static void Find(SnapshotIndex before, SnapshotIndex after, ChangeList changes)
    {
        foreach (var (id, old, now) in Pairs.Of(before.ModelEndpoints, after.ModelEndpoints, e => e.Id))
        {
            var endpoint = new Subject("model_endpoint", "modelEndpoints", id);
            if (old is null) changes.Added(endpoint, "", $"new model endpoint, {Spoken.Endpoint(after, id)}", Spoken.Endpoint(after, id));
            else if (now is null) changes.Removed(endpoint, "", $"{Spoken.Endpoint(before, id)} is removed", Spoken.Endpoint(before, id));
            else Settings(endpoint, old, now, changes);
        }
    }

    private static void Settings(Subject endpoint, ModelEndpointConfig old, ModelEndpointConfig now, ChangeList changes)
    {
        changes.Value(endpoint, "account", "account", old.Account, now.Account);
        changes.Value(endpoint, "region", "region", old.Region, now.Region);
        changes.Value(endpoint, "residency", "residency", Residency(old), Residency(now));
        changes.Value(endpoint, "model", "model", old.Model, now.Model);
        changes.Value(endpoint, "displayName", "display name", old.DisplayName, now.DisplayName);
        changes.Value(endpoint, "capacityClass", "capacity class", Spoken.Name(old.CapacityClass), Spoken.Name(now.CapacityClass));
        changes.Value(endpoint, "family", "model family", Spoken.Name(old.Family), Spoken.Name(now.Family));
        QuirkChanges.Find(endpoint, old.Quirks, now.Quirks, changes);
        changes.Value(endpoint, "capabilities", "list of capabilities", Spoken.List(old.Capabilities, "all the adapter carries"), Spoken.List(now.Capabilities, "all the adapter carries"));
        changes.Number(endpoint, "contextTokens", "context", old.ContextTokens, now.ContextTokens, "tokens", "unknown");
        changes.Number(endpoint, "maxOutputTokens", "output limit", old.MaxOutputTokens, now.MaxOutputTokens, "tokens");
        changes.Number(endpoint, "requestsPerMinute", "quota in requests a minute", old.RequestsPerMinute, now.RequestsPerMinute, "", "unknown");
        changes.Number(endpoint, "tokensPerMinute", "quota in tokens a minute", old.TokensPerMinute, now.TokensPerMinute, "", "unknown");
        changes.Value(endpoint, "breaker", "breaker policy", Policy(old), Policy(now));
        if (old.Probe != now.Probe) changes.Changed(endpoint, "probe", $"{(now.Probe ? "is probed from now on" : "is no longer probed")}", OnOff(old.Probe), OnOff(now.Probe));
    }

    private static string Policy(ModelEndpointConfig endpoint) => string.IsNullOrEmpty(endpoint.Breaker) ? "the built-in one" : endpoint.Breaker;

    private static string Residency(ModelEndpointConfig endpoint) => string.IsNullOrEmpty(endpoint.Residency) ? "nowhere in particular" : endpoint.Residency;

    private static string OnOff(bool value) => value ? "on" : "off";
}
