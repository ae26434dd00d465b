using System.Text;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Tells a caller which field no candidate can take, and of each candidate why.</summary>
internal static class CapabilityRefusal
{
    private const int LongestName = 80;

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

    /// <summary>What a candidate's adapter refused, with the feature and the candidate, and with the caller's own name of the field.</summary>
    public static Failure By(FeatureRoute route, ChatCall call, Candidate candidate, Failure refusal) => refusal with
    {
        Message = $"{Shown(candidate)} cannot take this call of feature '{route.Name}': {refusal.Message}",
        Param = Spelled(call, refusal.Param),
    };

    /// <summary>
    /// The field that kept a call from the first candidate of an earlier tier than the one that answers: a slip of the pen in a name would
    /// change the model without a word. Printable ASCII without commas; null where none did.
    /// </summary>
    public static string? Kept(FeatureRoute route, ChatCall call, Candidate served)
    {
        foreach (var candidate in route.Candidates)
        {
            if (candidate.Tier >= served.Tier) return null; // They are in the order of their tiers.
            var missing = Missing(call, candidate);
            if (missing == Capabilities.None || !Serves(candidate, call.Api)) continue;
            var fields = Fields(call);
            var need = First(missing, fields);
            return Kept(fields.TryGetValue(need, out var field) ? field.Name : CapabilityNames.Describe(need), candidate);
        }

        return null;
    }

    public static string Kept(string field, Candidate candidate) => $"'{Plain(field)}' kept this call from {candidate.Endpoint.Id}";

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
            if (Serves(candidate, api)) return false;
        }

        return true;
    }

    private static bool Serves(Candidate candidate, CallerApi api) => candidate.Endpoint.Adapter.Support(api, candidate.Endpoint.Target).Carries != Capabilities.None;

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

    // Adapters name a field as OpenAI's chat completions do.
    private static string? Spelled(ChatCall call, string? param) => param switch
    {
        "max_tokens" => call.LimitName,
        "messages" when call.CameBy == CallerApi.Responses => "input",
        "reasoning_effort" => Named(call, Capabilities.Reasoning) ?? param,
        "stop_sequences" => Named(call, Capabilities.StopSequences) ?? param,
        _ => param,
    };

    private static string? Named(ChatCall call, Capabilities need) => Fields(call).TryGetValue(need, out var field) ? field.Name : null;

    // A name is the caller's own, and a header holds less than JSON does.
    private static string Plain(string name)
    {
        var plain = new StringBuilder(Math.Min(name.Length, LongestName));
        foreach (var c in name)
        {
            if (plain.Length == LongestName) break;
            plain.Append(c is > ' ' and <= '~' and not (',' or '\'') ? c : '?');
        }

        return plain.ToString();
    }

    private static string Shown(Candidate candidate) =>
        $"{candidate.Endpoint.Id} on {Spoken.Provider(candidate.Endpoint.Adapter.Kind)}";

    private static string Why(CallerApi api, Capabilities need, Candidate candidate, string what)
    {
        if (!Serves(candidate, api)) return "does not serve calls of this kind";
        return (candidate.Endpoint.Adapter.Support(api, candidate.Endpoint.Target).Carries & need) == Capabilities.None ? $"has no place for {what}" : $"has {what} taken away by its configuration";
    }
}
