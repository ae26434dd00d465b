using Routing.Core.Providers;

namespace Routing.Core.Dispatch;

/// <summary>The provider's own id of a call, to quote in a support case.</summary>
internal static class RequestIds
{
    private static readonly string[] Names = ["x-amzn-requestid", "apim-request-id", "x-request-id", "request-id"];

    public static string? Of(IWireHeaders headers)
    {
        foreach (var name in Names)
        {
            if (headers[name] is { Length: > 0 and <= 128 } id) return id;
        }

        return null;
    }
}
