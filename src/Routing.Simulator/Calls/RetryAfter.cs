using System.Globalization;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

internal static class RetryAfter
{
    /// <summary>Adds the fault's hint in whole seconds (rounded up), and with <paramref name="milliseconds"/> in Azure's finer header too.</summary>
    public static ErrorReply WithRetryAfter(this ErrorReply reply, FaultRule fault, bool milliseconds = false)
    {
        if (fault.RetryAfterMs is not { } ms) return reply;
        var seconds = ((ms + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        return milliseconds
            ? reply with { Headers = [.. reply.Headers, ("retry-after", seconds), ("retry-after-ms", ms.ToString(CultureInfo.InvariantCulture))] }
            : reply with { Headers = [.. reply.Headers, ("retry-after", seconds)] };
    }
}
