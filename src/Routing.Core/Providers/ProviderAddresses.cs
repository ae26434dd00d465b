namespace Routing.Core.Providers;

/// <summary>Where each cloud answers, when an account gives no address of its own.</summary>
public static class ProviderAddresses
{
    public static bool HasDefault(ProviderKind kind) => kind is ProviderKind.Bedrock or ProviderKind.Vertex or ProviderKind.Anthropic;

    /// <exception cref="ArgumentException">The provider has no address of its own; the validator refuses such an account.</exception>
    public static Uri Default(ProviderKind kind, string region) => kind switch
    {
        ProviderKind.Bedrock => new Uri($"https://bedrock-runtime.{region}.amazonaws.com"),
        ProviderKind.Vertex when region == "global" => new Uri("https://aiplatform.googleapis.com"),
        ProviderKind.Vertex => new Uri($"https://{region}-aiplatform.googleapis.com"),
        ProviderKind.Anthropic => new Uri("https://api.anthropic.com"),
        _ => throw new ArgumentException($"{kind} has no address of its own; the account must give one.", nameof(kind)),
    };
}
