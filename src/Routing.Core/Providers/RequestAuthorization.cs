using System.Net.Http.Headers;
using Routing.Core.Credentials;

namespace Routing.Core.Providers;

/// <summary>Puts a credential where its provider wants it.</summary>
internal static class RequestAuthorization
{
    private const string BedrockService = "bedrock";

    public static void Apply(HttpRequestMessage message, in ProviderRequest request, CloudCredential? credential, TimeProvider time)
    {
        switch (credential)
        {
            case null:
                break;
            case ApiKeyCredential key when request.Kind == ProviderKind.AzureOpenAI:
                message.Headers.Add("api-key", key.Key);
                break;
            case ApiKeyCredential key:
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Key);
                break;
            case BearerCredential bearer:
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Token);
                break;
            case AwsCredential aws:
                SigV4.Sign(message, request.Body.Span, aws, request.Region, BedrockService, time.GetUtcNow());
                break;
        }
    }
}
