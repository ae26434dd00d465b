using System.Net;
using System.Text.Json;
using Routing.Core.Credentials;
using Routing.Core.Providers;

namespace Routing.Identity;

/// <summary>A token service's answer: its status and, where it was JSON, its body.</summary>
internal sealed record TokenAnswer(HttpStatusCode Status, JsonElement Body)
{
    public string? Text(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long? Number(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}

/// <summary>Plain calls to token services over our guarded connections: small answers, no retries, nothing followed.</summary>
internal sealed class TokenHttp(AddressRules rules, TimeProvider time) : IDisposable
{
    // A token has a few KB; a longer answer is a page for people.
    private const int LargestAnswer = 64 * 1024;
    private readonly HttpMessageInvoker _http = new(GuardedHandler.Create(rules, time));

    /// <exception cref="CredentialException">No answer came.</exception>
    public async Task<TokenAnswer> SendAsync(HttpRequestMessage request, CredentialStep step, string service, CancellationToken cancellationToken)
    {
        var (status, bytes) = await BytesAsync(request, step, service, cancellationToken).ConfigureAwait(false);
        return new TokenAnswer(status, Parse(bytes));
    }

    /// <exception cref="CredentialException">No answer came.</exception>
    public async Task<(HttpStatusCode Status, ReadOnlyMemory<byte> Body)> BytesAsync(HttpRequestMessage request, CredentialStep step, string service, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var bytes = new byte[LargestAnswer];
            var length = await stream.ReadAtLeastAsync(bytes, LargestAnswer, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return (response.StatusCode, bytes.AsMemory(0, length));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(step, service, e);
        }
    }

    public void Dispose() => _http.Dispose();

    public static CredentialException Unreachable(CredentialStep step, string service, Exception e) => new($"{service} could not be reached: {Sentence(e)}", e)
    {
        Step = step,
        Advice = "Check that this process may connect to it and that the service is up. The models behind the account are not at fault.",
    };

    private static string Sentence(Exception e) => TransportFailures.Classify(e).Message.Replace("The provider", "The service", StringComparison.Ordinal).Replace("the provider", "the service", StringComparison.Ordinal);

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
