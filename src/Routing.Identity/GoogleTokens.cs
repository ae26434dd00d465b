using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Http;
using Google.Apis.Util;
using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Identity.Exchanges;

namespace Routing.Identity;

/// <summary>Trades a service-account key for access tokens through Google's own library, over our guarded connections.</summary>
internal sealed class GoogleTokens : ICredentialExchange
{
    public const string DefaultAddress = "https://oauth2.googleapis.com/token";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly ServiceAccountCredential _credential;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">The private key is not one.</exception>
    public GoogleTokens(ServiceAccountKey key, string address, AddressRules rules, TimeProvider time)
    {
        _time = time;
        var initializer = new ServiceAccountCredential.Initializer(key.Email, address)
        {
            KeyId = key.KeyId.Length == 0 ? null : key.KeyId,
            Scopes = [Scope],
            Clock = new Clock(time),
            HttpClientFactory = new GuardedHttpClientFactory(rules, time),
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        };
        _credential = new ServiceAccountCredential(initializer.FromPrivateKey(key.PrivateKey));
    }

    /// <summary>Which address to ask; null with a problem when the key file names another one than Google's.</summary>
    public static string? TryAddress(ServiceAccountKey key, IdentityOptions options, AddressRules rules, out string address)
    {
        address = options.GoogleTokenAddress.Length > 0 ? options.GoogleTokenAddress : DefaultAddress;
        if (options.GoogleTokenAddress.Length > 0 || key.TokenUri.Length == 0 || key.TokenUri == DefaultAddress) return null;
        if (Uri.TryCreate(key.TokenUri, UriKind.Absolute, out var uri) && rules.IsAllowed(uri))
        {
            address = key.TokenUri;
            return null;
        }

        return $"The key's token_uri is not {DefaultAddress}. Add its host and port to the process's AllowedAddresses if it is meant.";
    }

    public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _credential.RequestAccessTokenAsync(cancellationToken).ConfigureAwait(false)) throw new CredentialException("Google's token service gave no token.");
            var token = _credential.Token;
            if (string.IsNullOrEmpty(token.AccessToken)) throw new CredentialException("Google's token service answered without an access token.");
            var life = token.ExpiresInSeconds is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
            var ends = _time.GetUtcNow() + life;
            log?.Done(CredentialStep.Exchange, "Google's token service took the service-account key.", ("service account", _credential.Id), ("ends", ends.Spelled()));
            return new Issued(new BearerCredential(token.AccessToken, ends), ends);
        }
        catch (TokenResponseException e)
        {
            // Google's own words are an error code (invalid_grant, …); its description may quote the account and is left out.
            throw new CredentialException($"Google's token service refused the service account ({Code(e.Error?.Error)}).", e)
            {
                RawCode = Code(e.Error?.Error),
                Advice = "Check that the key is not deleted or disabled and that this machine's clock is right.",
            };
        }
        catch (Exception e) when (e is HttpRequestException or GoogleApiException or IOException)
        {
            throw TokenHttp.Unreachable(CredentialStep.Exchange, "Google's token service", e);
        }
    }

    private static string Code(string? error) => string.IsNullOrEmpty(error) ? "no reason given" : error.Length > 60 ? error[..60] : error;

    private sealed class Clock(TimeProvider time) : IClock
    {
        [Obsolete("Part of the interface.")]
        public DateTime Now => time.GetLocalNow().DateTime;

        public DateTime UtcNow => time.GetUtcNow().UtcDateTime;
    }

    private sealed class GuardedHttpClientFactory(AddressRules rules, TimeProvider time) : HttpClientFactory, IHttpClientFactory
    {
        // The library follows redirects by itself, with the assertion in hand.
        ConfigurableHttpClient IHttpClientFactory.CreateHttpClient(CreateHttpClientArgs args)
        {
            var client = CreateHttpClient(args);
            client.MessageHandler.FollowRedirect = false;
            return client;
        }

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => GuardedHandler.Create(rules, time);
    }
}
