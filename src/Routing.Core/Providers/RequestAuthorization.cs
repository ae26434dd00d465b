using System.Net.Http.Headers;
using Routing.Core.Credentials;

namespace Routing.Core.Providers;

/// <summary>Puts a credential where its provider wants it.</summary>
internal static class RequestAuthorization
{
    private const string AwsService = "bedrock";

    public static void Apply(HttpRequestMessage message, in ProviderRequest request, CloudCredential? credential, TimeProvider time)
    {
        switch (credential)
        {
            case null or NoCredential:
                break;
            case ApiKeyCredential key when request.Kind == ProviderKind.AzureOpenAI:
                message.Headers.Add("api-key", key.Key);
                break;
            case ApiKeyCredential key when request.Kind == ProviderKind.Anthropic:
                message.Headers.Add("x-api-key", key.Key);
                break;
            case ApiKeyCredential key:
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Key);
                break;
            case BearerCredential bearer:
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Token);
                break;
            case AwsCredential aws:
                Sign(message, request, aws, time.GetUtcNow());
                break;
        }
    }

    private static void Sign(HttpRequestMessage message, in ProviderRequest request, AwsCredential credential, DateTimeOffset now)
    {
        var address = request.Address;
        var name = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        var host = address.IsDefaultPort ? name : $"{name}:{address.Port}";
        var timestamp = SigV4.Timestamp(now);
        message.Headers.Host = host;
        message.Headers.Add("x-amz-date", timestamp);

        ReadOnlySpan<(string, string)> headers =
            [("content-type", ProviderTransport.ContentType), ("host", host), ("x-amz-date", timestamp), ("x-amz-security-token", credential.SessionToken ?? "")];
        if (credential.SessionToken is null) headers = headers[..^1];
        else message.Headers.Add("x-amz-security-token", credential.SessionToken);

        var query = address.Query.Length > 0 ? address.Query[1..] : "";
        var signed = new SigV4Request(message.Method.Method, address.AbsolutePath, query, headers);
        var authorization = SigV4.Authorize(signed, request.Body.Span, credential, request.Region, AwsService, timestamp);

        // Set whole: parsed from text, its commas would count as several values.
        message.Headers.Authorization = new AuthenticationHeaderValue(SigV4.Algorithm, authorization);
    }
}
