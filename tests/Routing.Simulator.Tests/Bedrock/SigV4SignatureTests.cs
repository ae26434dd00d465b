using System.Text;
using Routing.Simulator.Bedrock;

namespace Routing.Simulator.Tests.Bedrock;

/// <summary>Cases of AWS's published Signature Version 4 test suite (credential scope us-east-1/service).</summary>
public sealed class SigV4SignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Timestamp = "20150830T123600Z";

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-relative", "GET", "/example/..", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slash", "GET", "//", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-utf8-query", "GET", "/", "%E1%88%B4=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("post-vanilla", "POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void Compute_PublishedCase_PublishedSignature(string name, string method, string path, string query, string expected)
    {
        Assert.NotEmpty(name);
        var request = new SignedRequest(method, path, query, header => header == "host" ? "example.amazonaws.com" : Timestamp);

        Assert.Equal(expected, new SigV4Signature().Compute(Scope("service", "host", "x-amz-date"), Secret, Timestamp, request, []));
    }

    [Fact]
    public void Compute_FormBody_PublishedSignature()
    {
        var request = new SignedRequest("POST", "/", "", header => header switch
        {
            "content-type" => "application/x-www-form-urlencoded", "host" => "example.amazonaws.com", _ => Timestamp,
        });

        Assert.Equal("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            new SigV4Signature().Compute(Scope("service", "content-type", "host", "x-amz-date"), Secret, Timestamp, request, Encoding.ASCII.GetBytes("Param1=value1")));
    }

    [Fact]
    public void Compute_ListUsersOfTheGuide_PublishedSignature()
    {
        var request = new SignedRequest("GET", "/", "Action=ListUsers&Version=2010-05-08", header => header switch
        {
            "content-type" => "application/x-www-form-urlencoded; charset=utf-8", "host" => "iam.amazonaws.com", _ => Timestamp,
        });

        Assert.Equal("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            new SigV4Signature().Compute(Scope("iam", "content-type", "host", "x-amz-date"), Secret, Timestamp, request, []));
    }

    [Theory]
    [InlineData("/model/a%3A0/converse", "/model/a%253A0/converse")]
    [InlineData("/model/a:0/converse", "/model/a%3A0/converse")]
    [InlineData("/model/arn%3Aaws%2Fx/converse", "/model/arn%253Aaws%252Fx/converse")]
    [InlineData("", "/")]
    [InlineData("/a/./b/../c/", "/a/c/")]
    public void Path_AsInRequestLine_EncodedOnceMore(string raw, string canonical) => Assert.Equal(canonical, SigV4Canonical.Path(raw));

    [Theory]
    [InlineData("  a   b  c ", "a b c")]
    [InlineData("plain", "plain")]
    public void HeaderValue_Blanks_Collapsed(string raw, string canonical) => Assert.Equal(canonical, SigV4Canonical.HeaderValue(raw));

    private static SigV4Authorization Scope(string service, params string[] headers) => new("AKIDEXAMPLE", "20150830", "us-east-1", service, headers, "");
}
