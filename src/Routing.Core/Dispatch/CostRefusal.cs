using System.Globalization;
using System.Text;
using Routing.Core.Dispatch.Choice;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Tells a caller that its call might cost more than its feature allows: the limit, and of each candidate the estimate.</summary>
internal static class CostRefusal
{
    private const string Code = "cost_limit_exceeded";

    public static Failure Of(FeatureRoute route, ChatCall call, DateTimeOffset at, in CandidateReasons reasons)
    {
        var text = new StringBuilder($"This call might cost more than feature '{route.Name}' allows for one attempt, which is {Limit(route, at)}:");
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            var endpoint = route.Candidates[i].Endpoint;
            text.Append(i == 0 ? " " : "; ").Append(endpoint.Id).Append(' ');
            if (reasons[i] == CandidateReason.TooDear && endpoint.Prices.At(at) is { } price) text.Append(Estimate(call, endpoint, price));
            else text.Append(CandidateSentences.Of(reasons[i]));
        }

        var param = call.Api == CallerApi.Embeddings ? "input" : call.LimitName;
        var lower = call.Api == CallerApi.Embeddings ? "" : $", set '{param}' lower";
        text.Append(CultureInfo.InvariantCulture, $". Send less{lower}, or ask an administrator to raise the limit.");
        return Failure.Of(FailureKind.InvalidRequest, text.ToString()) with { RawCode = Code, Param = param };
    }

    /// <summary>To follow the model endpoint's name.</summary>
    public static string Estimate(ChatCall call, ModelEndpoint endpoint, PriceConfig price) => $"might cost {Amount(CallCost.AtMost(call, endpoint, price))} {price.Currency}";

    /// <summary>The limit has no currency of its own: it is in that of each price.</summary>
    public static string Limit(FeatureRoute route, DateTimeOffset at)
    {
        foreach (var candidate in route.Candidates)
        {
            if (candidate.Endpoint.Prices.At(at) is { } price) return $"{Amount(route.MaxCostMicros)} {price.Currency}";
        }

        return Amount(route.MaxCostMicros);
    }

    private static string Amount(long micros) => (micros / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
