using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch.Choice;

/// <summary>
/// What a call would cost at a model endpoint, before it is made. Its input is taken from the length of its body, pictures and files included, as if it
/// were text that nobody has cached.
/// </summary>
internal static class CallCost
{
    // Until the first answer has come: a paragraph or two. The same for every candidate, so it only weighs input against output.
    private const int UnknownAnswer = 256;

    /// <summary>In micro-units of the price's currency: with an answer as long as the feature's are in the mean, or as the caller allows.</summary>
    public static long Expected(FeatureRoute route, ChatCall call, PriceConfig price)
    {
        var mean = route.Memory.MeanAnswer;
        return Of(call, Math.Min(mean > 0 ? mean : UnknownAnswer, OfEach(call, call.MaxOutputTokens ?? int.MaxValue)), price);
    }

    /// <summary>With the longest answer that may come; null = the endpoint has no price.</summary>
    public static long? AtMost(ChatCall call, ModelEndpoint endpoint, DateTimeOffset at) =>
        endpoint.Prices.At(at) is { } price ? AtMost(call, endpoint, price) : null;

    public static long AtMost(ChatCall call, ModelEndpoint endpoint, PriceConfig price) =>
        Of(call, OfEach(call, call.MaxOutputTokens ?? endpoint.Target.MaxOutputTokens), price);

    private static long OfEach(ChatCall call, long output) => output * call.Choices;

    private static long Of(ChatCall call, long output, PriceConfig price)
    {
        if (call.Api == CallerApi.CountTokens) return 0; // Nobody charges for counting.
        return Cost.Of(new TokenUsage { InputTotal = (call.Bytes + ChatCall.BytesPerToken - 1) / ChatCall.BytesPerToken, OutputTotal = call.Api == CallerApi.Embeddings ? 0 : output }, price);
    }
}
