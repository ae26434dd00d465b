using System.Net.Http.Headers;
using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Providers;
using Routing.Core.Tables;
using TestKit;

namespace Routing.Core.Tests.Credentials;

/// <summary>Signatures of whole calls to Bedrock, as AWS's own Python implementation made them.</summary>
public sealed class BedrockSignatureTests
{
    private const string Origin = "https://bedrock-runtime.us-east-1.amazonaws.com";
    private const string Model = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream";
    private const string Arn = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Aapplication-inference-profile%2Fabc123/converse";
    private const string Token = "TEMPORARY/TOKEN+==";

    [Theory]
    [InlineData(Model, null, "c90de8b0c69cfa8ac58a79eaec54adf1ac2746f121465035605b696c0df67fe7")]
    [InlineData(Arn, null, "faead4210ad0e750fc440d1affa9c30c40c89e256a80a519665238b2d7f9c1de")]
    [InlineData(Model, Token, "9b52f03464b8c3a3658d98e9d732303c9fb40bf9e136e640fb37303aed7c3396")]
    [InlineData(Arn, Token, "676d6e1f45c437f25b595f16ba866f5c1584f0ed1f29e4e58acc33be733bfcde")]
    public void Apply_CallToBedrock_IsSignedAsAwsSignsIt(string path, string? token, string signature)
    {
        var body = Encoding.ASCII.GetBytes("""{"messages":[]}""");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Origin + path)) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new ProviderRequest(ProviderKind.Bedrock, new EndpointCall(message.RequestUri!, "application/json", []), "us-east-1", body);
        var credential = new AwsCredential("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token);

        RequestAuthorization.Apply(message, request, credential, new ManualTime(new DateTimeOffset(2026, 11, 24, 16, 30, 5, TimeSpan.Zero)));

        var signed = token is null ? "content-type;host;x-amz-date" : "content-type;host;x-amz-date;x-amz-security-token";
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/bedrock/aws4_request, SignedHeaders={signed}, Signature={signature}",
            message.Headers.NonValidated["Authorization"].ToString());
        Assert.Equal("20261124T163005Z", message.Headers.NonValidated["x-amz-date"].ToString());
        Assert.Equal(path, message.RequestUri!.PathAndQuery);
    }
}
