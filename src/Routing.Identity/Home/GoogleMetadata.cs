using System.Net;
using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Providers;

namespace Routing.Identity.Home;

/// <summary>Google's metadata server: who the machine is, towards others and towards Google itself.</summary>
internal sealed class GoogleMetadata(IdentityOptions options, AddressRules rules, TimeProvider time) : ISubjectTokens, IDisposable
{
    private const string DefaultAddress = "http://metadata.google.internal";
    private const string Service = "Google's metadata server";
    private const string Account = "/computeMetadata/v1/instance/service-accounts/default";

    // The one address of a machine's own network that is asked: by the process's setting, never by a document's.
    private readonly TokenHttp _http = new(options.GoogleMetadataAddress.Length > 0 ? rules : new AddressRules(["metadata.google.internal:80"]), time);
    private readonly Uri _address = new(options.GoogleMetadataAddress.Length > 0 ? options.GoogleMetadataAddress : DefaultAddress);

    public async Task<string> GetAsync(string audience, CancellationToken cancellationToken)
    {
        var (status, text) = await AskAsync($"{Account}/identity?audience={Uri.EscapeDataString(audience)}&format=full", CredentialStep.SubjectToken, cancellationToken).ConfigureAwait(false);
        return status == HttpStatusCode.OK ? text.Trim() : throw Refused(CredentialStep.SubjectToken, status);
    }

    /// <summary>The access token of the machine's own service account.</summary>
    public async Task<TokenAnswer> AccessTokenAsync(CancellationToken cancellationToken)
    {
        using var request = Request($"{Account}/token");
        var answer = await _http.SendAsync(request, CredentialStep.Exchange, Service, cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? answer : throw Refused(CredentialStep.Exchange, answer.Status);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode, string)> AskAsync(string path, CredentialStep step, CancellationToken cancellationToken)
    {
        using var request = Request(path);
        var (status, bytes) = await _http.BytesAsync(request, step, Service, cancellationToken).ConfigureAwait(false);
        return (status, Encoding.ASCII.GetString(bytes.Span));
    }

    private HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, path));
        request.Headers.Add("Metadata-Flavor", "Google");
        return request;
    }

    private static CredentialException Refused(CredentialStep step, HttpStatusCode status) => new($"{Service} answered {(int)status}.")
    {
        Step = step,
        RawCode = $"{(int)status}",
        Advice = "Check that a service account is attached to this machine or pod.",
    };
}
