using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Routing.Simulator.Bedrock;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Tokens;

/// <summary>AWS STS, as its query protocol has it: <c>AssumeRoleWithWebIdentity</c>, <c>GetWebIdentityToken</c>, <c>GetCallerIdentity</c>.</summary>
internal sealed partial class AwsStsEndpoint(SimulatorOptions options, TokenDesk desk, OidcIssuer issuer, IssuedCredentials issued, SimulatorIds ids, TimeProvider time)
{
    private const string Version = "2011-06-15";
    private const string Account = "000000000000";
    private readonly BedrockDoor _door = new(options.Aws, time, issued, "sts");

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/", desk.At(TokenFaultBook.AwsSts, Faulty, AnswerAsync));

    /// <summary>Who a key belongs to: the user of a long-lived one, the session of a temporary one.</summary>
    public static string ArnOf(string keyId, IssuedCredentials issued) => issued.SessionOf(keyId)?.Arn ?? $"arn:aws:iam::{Account}:user/{keyId}";

    private async Task<TokenReply> AnswerAsync(HttpContext http)
    {
        if (await RequestBody.TryReadAsync(http.Request) is not { } body) return Refuse(400, "ValidationError", "The request is too large.");
        var form = new FormReader(Encoding.UTF8.GetString(body)).ReadForm();
        if (Field("Version") != Version) return Refuse(400, "InvalidAction", $"Could not find operation {Field("Action")} for version {Field("Version")}");
        return Field("Action") switch
        {
            "AssumeRoleWithWebIdentity" => Assume(),
            "GetWebIdentityToken" => Signed(GetToken),
            "GetCallerIdentity" => Signed(by => Answer("GetCallerIdentity", $"<Arn>{ArnOf(by.KeyId, issued)}</Arn><UserId>{by.KeyId}</UserId><Account>{Account}</Account>")),
            var action => Refuse(400, "InvalidAction", $"Could not find operation {action} for version {Version}"),
        };

        string Field(string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";

        TokenReply Signed(Func<SigV4Authorization, TokenReply> answer)
        {
            var (path, query) = RequestBody.RawTarget(http);
            if (_door.Check(http.Request, path, query, body, out var by) is { } refusal) return Refuse(refusal.Status, BedrockErrors.TypeOf(refusal), refusal.Body["message"]?.ToString() ?? "");
            return answer(by!); // Not refused, so it is known who calls.
        }

        TokenReply Assume()
        {
            var (role, session, token) = (Field("RoleArn"), Field("RoleSessionName"), Field("WebIdentityToken"));
            if (!RoleForm().IsMatch(role)) return Refuse(400, "ValidationError", "Request ARN is invalid");
            if (!SessionForm().IsMatch(session)) return Refuse(400, "ValidationError", @"Value at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*");
            if (token.Length is < 4 or > 20_000) return Refuse(400, "ValidationError", "Value at 'webIdentityToken' failed to satisfy constraint: Member must have length between 4 and 20000");
            var seconds = Field("DurationSeconds") is { Length: > 0 } text ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0 : 3600;
            if (seconds is < 900 or > 43_200) return Refuse(400, "ValidationError", "Value at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200");
            if (issuer.Verify(token) is not { } claims) return Refuse(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements");
            if (claims.ExpiresAt <= time.GetUtcNow()) return Refuse(400, "ExpiredTokenException", "Token must be a short-lived token and in a reasonable timeframe");
            var trusts = options.Tokens.AwsRoles.Where(t => t.RoleArn == role && t.Issuer == claims.Issuer).ToList();
            if (trusts.Count == 0 || trusts.All(t => t.Subject != claims.Subject)) return Refuse(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
            return trusts.Any(t => t.Audience == claims.Audience && t.Subject == claims.Subject) ? Keys(role, session, claims, seconds)
                : Refuse(400, "InvalidIdentityToken", "Incorrect token audience");
        }

        TokenReply GetToken(SigV4Authorization by)
        {
            var (audience, seconds) = (Field("Audience.member.1"), Field("DurationSeconds") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 300);
            if (audience.Length is < 1 or > 1_000) return Refuse(400, "ValidationError", "Value at 'audience' failed to satisfy constraint: Member must not be null");
            if (Field("SigningAlgorithm") is not ("RS256" or "ES384")) return Refuse(400, "ValidationError", "Value at 'signingAlgorithm' failed to satisfy constraint: Member must be RS256 or ES384");
            if (seconds is < 60 or > 3600) return Refuse(400, "ValidationError", "Value at 'durationSeconds' failed to satisfy constraint: Member must have value between 60 and 3600");
            var token = issuer.Sign(options.Tokens.AwsIssuer, ArnOf(by.KeyId, issued), audience, TimeSpan.FromSeconds(seconds));
            return Answer("GetWebIdentityToken", $"<WebIdentityToken>{token}</WebIdentityToken><Expiration>{Iso(time.GetUtcNow().AddSeconds(seconds))}</Expiration>");
        }
    }

    private TokenReply Keys(string role, string session, TokenClaims claims, int seconds)
    {
        var parts = role.Split(':');
        var arn = $"arn:{parts[1]}:sts::{parts[4]}:assumed-role/{role[(role.LastIndexOf('/') + 1)..]}/{session}";
        var until = time.GetUtcNow().AddSeconds(Math.Min(seconds, options.Tokens.LongestSeconds));
        var key = issued.Session(arn, until);
        return Answer("AssumeRoleWithWebIdentity",
            $"<SubjectFromWebIdentityToken>{Xml(claims.Subject)}</SubjectFromWebIdentityToken><Audience>{Xml(claims.Audience)}</Audience><Provider>{Xml(claims.Issuer)}</Provider>"
            + $"<AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>AROASIMULATOR0000001:{session}</AssumedRoleId></AssumedRoleUser>"
            + $"<Credentials><AccessKeyId>{key.Id}</AccessKeyId><SecretAccessKey>{key.Secret}</SecretAccessKey><SessionToken>{key.SessionToken}</SessionToken><Expiration>{Iso(until)}</Expiration></Credentials>");
    }

    private TokenReply Faulty(TokenFaultKind kind) => kind switch
    {
        TokenFaultKind.RejectClaim => Refuse(403, "IDPRejectedClaim", "The identity provider reported that authentication failed."),
        TokenFaultKind.Expired => Refuse(400, "ExpiredTokenException", "The web identity token that was passed is expired."),
        TokenFaultKind.IssuerUnreachable => Refuse(400, "IDPCommunicationError", "Unable to communicate with the identity provider."),
        _ => Refuse(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
    };

    private TokenReply Answer(string action, string result) => new(200, "text/xml",
        $"<{action}Response xmlns=\"https://sts.amazonaws.com/doc/{Version}/\"><{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>{RequestId()}</RequestId></ResponseMetadata></{action}Response>");

    private TokenReply Refuse(int status, string code, string message) => new(status, "text/xml",
        $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/{Version}/\"><Error><Type>{(status < 500 ? "Sender" : "Receiver")}</Type><Code>{code}</Code><Message>{Xml(message)}</Message></Error><RequestId>{RequestId()}</RequestId></ErrorResponse>");

    private string RequestId()
    {
        var random = ids.NextRandom();
        return SimulatorIds.Uuid(ref random);
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Xml(string text) => SecurityElement.Escape(text);

    [GeneratedRegex(@"^arn:aws(-us-gov|-cn)?:iam::[0-9]{12}:role/[!-~]{1,576}\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex RoleForm();

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}\z", RegexOptions.ECMAScript, 100)]
    private static partial Regex SessionForm();
}
