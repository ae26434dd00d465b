using Routing.Simulator.Anthropic;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Vertex;

/// <summary>Claude on Vertex: what Google decides (who may, how much) is refused in Google's shape, what the model decides in Anthropic's.</summary>
internal sealed class ClaudeWire : IWire
{
    public string Name => "vertex";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        VertexWire.AddGoogleHeaders(headers);
        headers["request-id"] = AnthropicErrors.RequestId(call);
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => fault.Kind switch
    {
        FaultKind.RateLimited or FaultKind.QuotaExceeded or FaultKind.RampTooFast => VertexErrors.Of(429, "RESOURCE_EXHAUSTED",
            $"Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model with base model: anthropic-{call.Model.Split('@')[0]}. Please submit a quota increase request.")
            .WithRetryAfter(fault, call.At, HintSpelling.Seconds),
        FaultKind.ReservedExhausted or FaultKind.SpendLimit or FaultKind.Unauthenticated or FaultKind.Forbidden or FaultKind.NotFound or FaultKind.WrongModelForm => VertexErrors.Of(fault, call),
        _ => AnthropicErrors.Of(fault, call),
    };
}
