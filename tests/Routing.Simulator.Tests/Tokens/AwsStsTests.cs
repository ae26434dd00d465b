using System.Xml.Linq;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Tests.Tokens;

/// <summary>AWS STS by its query protocol: XML, and errors with a code and a type.</summary>
public sealed class AwsStsTests(TokenDesks desks) : IClassFixture<TokenDesks>
{
    private static readonly XNamespace Sts = "https://sts.amazonaws.com/doc/2011-06-15/";

    [Fact]
    public async Task Assume_TrustedToken_KeysThatOpenAndEnd()
    {
        var (status, body) = await AssumeAsync(await desks.MachineTokenAsync("sts.amazonaws.com"), seconds: "900");
        var result = XDocument.Parse(body).Root!.Element(Sts + "AssumeRoleWithWebIdentityResult")!; // As STS answers.

        Assert.Equal(200, status);
        Assert.Equal((TokenDesks.Machine, "sts.amazonaws.com", TokenDesks.Issuer), (Text(result, "SubjectFromWebIdentityToken"), Text(result, "Audience"), Text(result, "Provider")));
        Assert.Equal("arn:aws:sts::123456789012:assumed-role/edge-router/edge-1", Text(result, "AssumedRoleUser", "Arn"));
        Assert.StartsWith("ASIA", Text(result, "Credentials", "AccessKeyId"), StringComparison.Ordinal);
        Assert.NotEmpty(Text(result, "Credentials", "SecretAccessKey"));
        Assert.NotEmpty(Text(result, "Credentials", "SessionToken"));
        Assert.Equal(desks.Time.GetUtcNow().AddSeconds(900), DateTimeOffset.Parse(Text(result, "Credentials", "Expiration"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("audience", 400, "InvalidIdentityToken")]
    [InlineData("role", 403, "AccessDenied")]
    [InlineData("forged", 400, "InvalidIdentityToken")]
    [InlineData("no arn", 400, "ValidationError")]
    [InlineData("session", 400, "ValidationError")]
    [InlineData("seconds", 400, "ValidationError")]
    public async Task Assume_OnePartWrong_RefusedByItsCode(string part, int status, string code)
    {
        var token = await desks.MachineTokenAsync(part == "audience" ? "somebody-else" : "sts.amazonaws.com");
        var refused = await AssumeAsync(part == "forged" ? Forged(token) : token, part == "role" ? TokenDesks.Role + "-2" : part == "no arn" ? "edge-router" : TokenDesks.Role,
            part == "session" ? "e" : "edge-1", part == "seconds" ? "899" : "3600");

        AssertRefused(refused, status, "Sender", code);
    }

    [Fact]
    public async Task Assume_TokenOfAnotherSubject_AccessDenied()
    {
        var (_, told) = await desks.SignedAsync("Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1=sts.amazonaws.com&SigningAlgorithm=RS256");

        AssertRefused(await AssumeAsync(XDocument.Parse(told).Descendants(Sts + "WebIdentityToken").Single().Value), 403, "Sender", "AccessDenied");
    }

    [Fact]
    public async Task Assume_ExpiredToken_RefusedAsSuch()
    {
        var token = await desks.MachineTokenAsync("sts.amazonaws.com");
        desks.Time.Advance(TimeSpan.FromHours(1));

        AssertRefused(await AssumeAsync(token), 400, "Sender", "ExpiredTokenException");
    }

    [Fact]
    public async Task GetCallerIdentity_SignedAndWronglySigned_TellsWhoAndRefuses()
    {
        const string Query = "Action=GetCallerIdentity&Version=2011-06-15";
        var (status, body) = await desks.SignedAsync(Query);

        Assert.Equal((200, TokenDesks.User), (status, XDocument.Parse(body).Descendants(Sts + "Arn").Single().Value));
        AssertRefused(await desks.SignedAsync(Query, "another-secret"), 403, "Sender", "InvalidSignatureException");
    }

    [Theory]
    [InlineData("Action=Dance&Version=2011-06-15")]
    [InlineData("Action=GetCallerIdentity&Version=2012-01-01")]
    public async Task Any_UnknownActionOrVersion_InvalidAction(string query) => AssertRefused(await desks.SignedAsync(query), 400, "Sender", "InvalidAction");

    [Theory]
    [InlineData(TokenFaultKind.Down, 503, "Receiver", "ServiceUnavailable")]
    [InlineData(TokenFaultKind.RejectClaim, 403, "Sender", "IDPRejectedClaim")]
    [InlineData(TokenFaultKind.Expired, 400, "Sender", "ExpiredTokenException")]
    [InlineData(TokenFaultKind.IssuerUnreachable, 400, "Sender", "IDPCommunicationError")]
    public async Task Assume_Fault_InAwsWordsAndOverAfterItsCount(TokenFaultKind kind, int status, string type, string code)
    {
        var token = await desks.MachineTokenAsync("sts.amazonaws.com");
        Assert.True(desks.Faults.Set(TokenFaultBook.AwsSts, new TokenFault { Kind = kind, Count = 1 }));

        AssertRefused(await AssumeAsync(token), status, type, code);
        Assert.Equal(200, (await AssumeAsync(token)).Status);
    }

    private Task<(int Status, string Body)> AssumeAsync(string token, string role = TokenDesks.Role, string session = "edge-1", string seconds = "3600") =>
        desks.PostFormAsync("/", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "AssumeRoleWithWebIdentity", ["Version"] = "2011-06-15", ["RoleArn"] = role, ["RoleSessionName"] = session, ["WebIdentityToken"] = token, ["DurationSeconds"] = seconds,
        });

    private static void AssertRefused((int Status, string Body) answer, int status, string type, string code)
    {
        var root = XDocument.Parse(answer.Body).Root!; // A document has one.
        Assert.Equal((status, Sts + "ErrorResponse"), (answer.Status, root.Name));
        Assert.Equal((type, code), (Text(root, "Error", "Type"), Text(root, "Error", "Code")));
        Assert.NotEmpty(Text(root, "Error", "Message"));
        Assert.True(Guid.TryParse(Text(root, "RequestId"), out _));
    }

    private static string Text(XElement from, params string[] path) => path.Aggregate(from, (at, name) => at.Element(Sts + name)!).Value; // Missing ones fail the test.

    // The last letter of a signature holds spare bits; the first holds none.
    private static string Forged(string token)
    {
        var cut = token.LastIndexOf('.') + 1;
        return token[..cut] + (token[cut] == 'A' ? 'B' : 'A') + token[(cut + 1)..];
    }
}
