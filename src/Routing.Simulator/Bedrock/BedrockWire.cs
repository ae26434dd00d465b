using System.Globalization;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Bedrock;

/// <summary>Bedrock's headers and refusals.</summary>
internal sealed class BedrockWire : IWire
{
    public string Name => "bedrock";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        headers["x-amzn-requestid"] = call.RequestId;

        // InvokeModel alone tells tokens in a header: for some models there is no other place.
        if (call is { Generates: false, Form: not CountForm }) headers["x-amzn-bedrock-input-token-count"] = call.Ask.InputTokens.ToString(CultureInfo.InvariantCulture);
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => BedrockErrors.Of(fault, call);
}
