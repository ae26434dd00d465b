using System.Text;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Tells a caller which field no candidate can take, and of each candidate why.</summary>
internal static class CapabilityRefusal
{
    public static Failure Of(FeatureRoute route, ChatCall call)
    {
        if (ServesNone(route, call.Api)) return NoneServes(route, call.Api);
        var fields = Fields(call);
        var common = call.Needs;
        foreach (var candidate in route.Candidates) common &= Missing(call, candidate);

        var lead = First(common, fields);
        var text = new StringBuilder($"No candidate of feature '{route.Name}' can take ").Append(lead == default ? "this request" : Quoted(lead, fields)).Append(':');
        var separator = " ";
        foreach (var candidate in route.Candidates)
        {
            var need = lead == default ? First(Missing(call, candidate), fields) : lead;
            text.Append(separator).Append(Shown(candidate)).Append(' ').Append(Why(call.Api, need, candidate, lead == default ? Quoted(need, fields) : "it"));
            separator = "; ";
        }

        text.Append(TakesSchema(route, call.Api, lead) ? ". Use 'json_schema', leave it out" : ". Leave it out").Append(", or ask an administrator to bind a model endpoint that can.");
        if (lead == default) lead = First(Missing(call, route.Candidates[0]), fields);
        return Failure.Of(FailureKind.CapabilityUnsupported, text.ToString()) with { Param = fields.TryGetValue(lead, out var field) ? field.Name : null };
    }

    /// <summary>Why this candidate cannot take the call, to follow its name.</summary>
    public static string Why(ChatCall call, Candidate candidate)
    {
        var fields = Fields(call);
        var need = First(Missing(call, candidate), fields);
        return Why(call.Api, need, candidate, Quoted(need, fields));
    }

    public static Capabilities Missing(ChatCall call, Candidate candidate) => call.Needs & ~candidate.Endpoint.Api(call.Api).Capabilities;

    // Nothing in the call is wrong, so none of it is named.
    private static Failure NoneServes(FeatureRoute route, CallerApi api)
    {
        var text = new StringBuilder($"No candidate of feature '{route.Name}' can do '{CapabilityNames.Describe(Kind(api))}':");
        var separator = " ";
        foreach (var candidate in route.Candidates)
        {
            text.Append(separator).Append(Shown(candidate)).Append(" does not serve calls of this kind");
            separator = "; ";
        }

        return Failure.Of(FailureKind.CapabilityUnsupported, text.Append(". Ask an administrator to bind a model endpoint that does.").ToString());
    }

    private static bool ServesNone(FeatureRoute route, CallerApi api)
    {
        foreach (var candidate in route.Candidates)
        {
            if (candidate.Endpoint.Adapter.Support(api, candidate.Endpoint.Target).Carries != Capabilities.None) return false;
        }

        return true;
    }

    private static IReadOnlyDictionary<Capabilities, NeededField> Fields(ChatCall call) =>
        call.Original is { } original && call.Fields is { } find ? find(original) : new Dictionary<Capabilities, NeededField>();

    /// <summary>The older of two ways to ask for JSON is the only thing in the way.</summary>
    private static bool TakesSchema(FeatureRoute route, CallerApi api, Capabilities lead)
    {
        if (lead != Capabilities.JsonObject) return false;
        foreach (var candidate in route.Candidates)
        {
            if ((candidate.Endpoint.Api(api).Capabilities & Capabilities.JsonSchema) != Capabilities.None) return true;
        }

        return false;
    }

    private static Capabilities Kind(CallerApi api) => api switch
    {
        CallerApi.CountTokens => Capabilities.TokenCounting,
        CallerApi.Embeddings => Capabilities.Embeddings,
        _ => Capabilities.Text,
    };

    /// <summary>One of them, if it can be one that a field stands for.</summary>
    private static Capabilities First(Capabilities missing, IReadOnlyDictionary<Capabilities, NeededField> fields)
    {
        foreach (var need in fields.Keys)
        {
            if ((missing & need) != Capabilities.None) return need;
        }

        return (Capabilities)((ulong)missing & (~(ulong)missing + 1));
    }

    private static string Quoted(Capabilities need, IReadOnlyDictionary<Capabilities, NeededField> fields)
    {
        if (!fields.TryGetValue(need, out var field)) return $"'{CapabilityNames.Describe(need)}'";
        return field.About.Length == 0 ? $"'{field.Name}'" : $"'{field.Name}' ({field.About})";
    }

    private static string Shown(Candidate candidate) =>
        $"{candidate.Endpoint.Id} on {candidate.Endpoint.Adapter.Kind}";

    private static string Why(CallerApi api, Capabilities need, Candidate candidate, string what)
    {
        var carries = candidate.Endpoint.Adapter.Support(api, candidate.Endpoint.Target).Carries;
        if (carries == Capabilities.None) return "does not serve calls of this kind";
        return (carries & need) == Capabilities.None ? $"has no place for {what}" : $"has {what} taken away by its configuration";
    }
}
