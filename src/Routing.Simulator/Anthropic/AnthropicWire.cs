using System.Globalization;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Anthropic;

/// <summary>Anthropic's own headers and errors.</summary>
internal sealed class AnthropicWire : IWire
{
    /// <summary>Resets are moments, as RFC 3339 writes them.</summary>
    public const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private const int RequestsPerMinute = 4000;
    private const int InputPerMinute = 2_000_000;
    private const int OutputPerMinute = 400_000;

    public string Name => "anthropic";

    public void AddHeaders(IHeaderDictionary headers, SimulatedCall call)
    {
        headers["request-id"] = AnthropicErrors.RequestId(call);
        headers["anthropic-organization-id"] = "00000000-0000-4000-8000-000000000001";
        var input = Math.Max(0, InputPerMinute - call.Ask.InputTokens);
        var output = Math.Max(0, OutputPerMinute - (call.Ask.MaxTokens ?? 0));
        AddLimit(headers, call, "requests", RequestsPerMinute, RequestsPerMinute - 1);
        AddLimit(headers, call, "input-tokens", InputPerMinute, input);
        AddLimit(headers, call, "output-tokens", OutputPerMinute, output);
        AddLimit(headers, call, "tokens", InputPerMinute + OutputPerMinute, input + output);
    }

    public ErrorReply? Refuse(FaultRule fault, SimulatedCall call) => AnthropicErrors.Of(fault, call);

    private static void AddLimit(IHeaderDictionary headers, SimulatedCall call, string dimension, int limit, int remaining)
    {
        headers[$"anthropic-ratelimit-{dimension}-limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{dimension}-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{dimension}-reset"] = RetryAfter.WholeSecond(call.At, 1000).ToString(TimeForm, CultureInfo.InvariantCulture);
    }
}
