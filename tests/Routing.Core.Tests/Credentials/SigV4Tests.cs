using System.Text;
using Routing.Core.Credentials;

namespace Routing.Core.Tests.Credentials;

/// <summary>The signatures of AWS's published test suite, and what a call to Bedrock needs beyond it.</summary>
public sealed class SigV4Tests
{
    private const string Stamp = "20150830T123600Z";
    private const string Vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    private static readonly AwsCredential Key = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly (string, string)[] HostAndDate = [("host", "example.amazonaws.com"), ("x-amz-date", Stamp)];

    [Theory]
    [InlineData("GET", "/", "", Vanilla)]
    [InlineData("POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/ሴ", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("GET", "/example/..", "", Vanilla)]
    [InlineData("GET", "/example1/example2/../..", "", Vanilla)]
    [InlineData("GET", "/./", "", Vanilla)]
    [InlineData("GET", "//", "", Vanilla)]
    public void Authorize_PublishedRequest_HasThePublishedSignature(string method, string path, string query, string signature) =>
        Assert.Equal(Header("host;x-amz-date", signature), Sign(new SigV4Request(method, path, query, HostAndDate), ""));

    [Fact]
    public void Authorize_HeaderValuesWithBlanks_AreTrimmedAndRunsMadeOne() => Assert.Equal(
        Header("host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Sign(new SigV4Request("GET", "/", "", [("host", "example.amazonaws.com"), ("my-header1", "  value1"), ("my-header2", "\"a   b   c\""), ("x-amz-date", Stamp)]), ""));

    [Fact]
    public void Authorize_BodyAndContentType_AreCovered() => Assert.Equal(
        Header("content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        Sign(new SigV4Request("POST", "/", "", [("content-type", "application/x-www-form-urlencoded"), ("host", "example.amazonaws.com"), ("x-amz-date", Stamp)]), "Param1=value1"));

    [Fact]
    public void Authorize_EscapedModelId_IsEscapedASecondTime()
    {
        // What is signed for %3A on the wire is %253A: the same as signing a path that holds a literal percent sign.
        var once = Sign(new SigV4Request("POST", "/model/a%3A0/converse", "", HostAndDate), "{}");
        Assert.NotEqual(once, Sign(new SigV4Request("POST", "/model/a:0/converse", "", HostAndDate), "{}"), StringComparer.Ordinal);
        Assert.StartsWith("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=", once, StringComparison.Ordinal);
    }

    [Fact]
    public void Authorize_AnotherDayRegionOrSecret_SignsWithAnotherKey()
    {
        var request = new SigV4Request("GET", "/", "", HostAndDate);
        string[] all =
        [
            SigV4.Authorize(request, [], Key, "us-east-1", "service", Stamp), SigV4.Authorize(request, [], Key, "us-west-2", "service", Stamp),
            SigV4.Authorize(request, [], Key, "us-east-1", "bedrock", Stamp), SigV4.Authorize(request, [], Key, "us-east-1", "service", "20150831T123600Z"),
            SigV4.Authorize(request, [], Key with { SecretAccessKey = "other" }, "us-east-1", "service", Stamp),
        ];
        Assert.Equal(all.Length, all.Select(a => a[^64..]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all[0], SigV4.Authorize(request, [], Key, "us-east-1", "service", Stamp));
    }

    private static string Sign(in SigV4Request request, string body) => SigV4.Authorize(request, Encoding.UTF8.GetBytes(body), Key, "us-east-1", "service", Stamp);

    private static string Header(string signed, string signature) =>
        $"Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, Signature={signature}";
}
