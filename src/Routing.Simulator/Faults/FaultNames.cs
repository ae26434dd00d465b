using System.Text.Json;

namespace Routing.Simulator.Faults;

internal static class FaultNames
{
    private static readonly string[] Names = [.. Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static IReadOnlyList<string> All => Names;

    extension(FaultKind kind)
    {
        /// <summary>An error with a status of its own on every wire: what may also be sent inside a stream.</summary>
        public bool IsPlainError => kind is FaultKind.RateLimited or FaultKind.Capacity or FaultKind.ReservedExhausted or FaultKind.SpendLimit
            or FaultKind.Internal or FaultKind.Unavailable or FaultKind.Overloaded or FaultKind.Unauthenticated or FaultKind.Forbidden
            or FaultKind.NotFound or FaultKind.ContextTooLong or FaultKind.InvalidRequest or FaultKind.RequestTooLarge
            or FaultKind.UpstreamTimeout or FaultKind.ModelNotReady or FaultKind.ModelError or FaultKind.Conflict or FaultKind.UnknownError
            or FaultKind.WrongModelForm or FaultKind.RampTooFast or FaultKind.QuotaExceeded;
    }

    public static string Of(FaultKind kind) => Names[(int)kind];
}
