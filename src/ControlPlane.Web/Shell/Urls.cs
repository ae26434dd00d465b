using System.Globalization;

namespace ControlPlane.Web.Shell;

/// <summary>Builds every link of the product. Ids are escaped here and nowhere else.</summary>
public static class Urls
{
    public const string Home = "/";
    public const string Health = "/health";
    public const string Requests = "/requests";
    public const string WhatNow = "/explain";
    public const string Edges = "/edges";
    public const string Features = "/features";
    public const string Endpoints = "/endpoints";
    public const string Providers = "/providers";
    public const string Breakers = "/breakers";
    public const string Callers = "/callers";
    public const string Prices = "/prices";
    public const string Publish = "/publish";
    public const string Revisions = "/revisions";
    public const string Cost = "/cost";
    public const string Access = "/access";
    public const string Audit = "/audit";
    public const string Jobs = "/jobs";
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Denied = "/denied";
    public const string NotFound = "/not-found";
    public const string Error = "/error";
    public const string Gallery = "/gallery";

    public static string Request(Guid id) => $"{Requests}/{id}";

    /// <summary>Requests of which an attempt failed on this model endpoint.</summary>
    public static string RequestsFailedOn(string endpointId) => $"{Requests}?failed-on={Segment(endpointId)}";

    /// <summary>Where a call of the feature would go now; null: of some feature.</summary>
    public static string Explain(string? feature = null) => feature is null ? WhatNow : WithQuery(WhatNow, "feature", feature);

    /// <summary>The same for a call like one that was made.</summary>
    public static string Explain(string feature, bool streamed, long inputTokens) =>
        WithQuery(WithQuery(Explain(feature), "stream", streamed ? null : "0"), "input", inputTokens > 0 ? inputTokens.ToString(CultureInfo.InvariantCulture) : null);

    public static string EndpointHealth(string endpointId) => $"{Health}/endpoints/{Segment(endpointId)}";

    public static string FeatureHealth(string featureId) => $"{Health}/features/{Segment(featureId)}";

    public static string Edge(string edgeId) => $"{Edges}/{Segment(edgeId)}";

    public static string Feature(string featureId) => $"{Features}/{Segment(featureId)}";

    public static string EditFeature(string featureId) => $"{Features}/{Segment(featureId)}/edit";

    public static string NewFeature => $"{Features}/new";

    public static string NewEndpoint => $"{Endpoints}/new";

    public static string NewProvider => $"{Providers}/new";

    public static string NewBreaker => $"{Breakers}/new";

    public static string Endpoint(string endpointId) => $"{Endpoints}/{Segment(endpointId)}";

    public static string Provider(string accountId) => $"{Providers}/{Segment(accountId)}";

    public static string Breaker(string policyId) => $"{Breakers}/{Segment(policyId)}";

    public static string Caller(string callerId) => $"{Callers}/{Segment(callerId)}";

    public static string Revision(long number) => $"{Revisions}/{number}";

    public static string CompareRevisions(long number, long baseNumber) => $"{Revisions}/{number}?base={baseNumber}";

    public static string FeatureCost(string featureId) => $"{Cost}/features/{Segment(featureId)}";

    public static string SignInThen(string returnUrl) => $"{SignIn}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>The same address with one query value set, or removed when it is null; other values and their order stay.</summary>
    public static string WithQuery(string pathAndQuery, string name, string? value)
    {
        int mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        string path = mark < 0 ? pathAndQuery : pathAndQuery[..mark];
        List<string> pairs = mark < 0 ? [] : [.. pathAndQuery[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries)];
        string prefix = Uri.EscapeDataString(name) + "=";
        int at = pairs.FindIndex(pair => pair.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
            pairs.RemoveAt(at);
        if (value is not null)
            pairs.Insert(at >= 0 ? at : pairs.Count, prefix + Uri.EscapeDataString(value));
        return pairs.Count == 0 ? path : path + "?" + string.Join('&', pairs);
    }

    private static string Segment(string id) => Uri.EscapeDataString(id);
}
