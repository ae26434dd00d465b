namespace Routing.Core.Providers.OpenAI;

/// <summary>
/// Azure sends what a provisioned deployment cannot take to a standard one where that is set up, and says so in a header of the answer.
/// Such a call costs tokens on top of the provisioned hours, so its capacity class is told apart.
/// </summary>
internal static class Spillover
{
    private const string Capacity = "spillover";

    /// <summary>Null when nothing was spilled: the body's own word for the tier counts.</summary>
    public static string? CapacityOf(IWireHeaders headers) => string.IsNullOrEmpty(headers["x-ms-spillover-from-deployment"]) ? null : Capacity;
}
