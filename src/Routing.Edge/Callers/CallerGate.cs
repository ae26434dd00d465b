using System.Globalization;
using Routing.Core.Tables;
using Routing.Edge.Calls;

namespace Routing.Edge.Callers;

/// <summary>Whether a request comes from a known caller.</summary>
internal static class CallerGate
{
    // Time to roll a key out everywhere before it ends.
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    public static bool TryAdmit(HttpContext context, RoutingTable table, DateTimeOffset now, string? keyHeader, out CallerBinding caller, out ErrorAnswer error)
    {
        var reading = CallerKey.Read(context.Request.Headers, keyHeader, HashedKey.Of(context), out var hash);
        if (reading != KeyReading.Present || table.FindCaller(hash, now) is not { } found)
        {
            error = (reading == KeyReading.Ambiguous ? ErrorAnswer.TwoKeys : ErrorAnswer.WrongKey).OrIn(keyHeader);
            caller = null!; // Only read when true is returned.
            return false;
        }

        (caller, error) = (found, default);
        if (found.ExpiresAt is { } end && end - now < WarnBefore)
        {
            context.Response.Headers[RouteHeaders.Warnings] = string.Create(CultureInfo.InvariantCulture, $"key_expires={end:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        }

        return true;
    }
}
