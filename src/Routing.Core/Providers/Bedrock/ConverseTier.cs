using System.Text.Json;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers.Bedrock;

/// <summary><c>serviceTier</c>: what the model endpoint was bought for, else what the caller asks.</summary>
internal static class ConverseTier
{
    private const string Provisioned = ":provisioned-model/";

    /// <summary>Throughput bought by the hour; it has an ARN of its own and no tier.</summary>
    public static bool IsProvisioned(ModelTarget target) => target.Model.Contains(Provisioned, StringComparison.Ordinal);

    /// <summary>Whether a caller's tier has a meaning here, or is none of the caller's business.</summary>
    public static bool IsKnown(string tier, ModelTarget target) => target.CapacityClass != CapacityClass.OnDemand || tier is "auto" or "default" or "standard_only" or "priority" or "flex";

    public static void Write(Utf8JsonWriter json, string? asked, ModelTarget target)
    {
        if (Tier(asked, target) is not { } tier) return;
        json.WriteStartObject("serviceTier"u8);
        json.WriteString("type"u8, tier);
        json.WriteEndObject();
    }

    private static string? Tier(string? asked, ModelTarget target) => target.CapacityClass switch
    {
        _ when IsProvisioned(target) => null,
        CapacityClass.Reserved => "reserved",
        CapacityClass.Priority => "priority",
        CapacityClass.Flex => "flex",
        _ => asked switch { "priority" => "priority", "flex" => "flex", "default" or "standard_only" => "default", _ => null },
    };
}
