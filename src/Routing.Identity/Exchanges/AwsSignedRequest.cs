using System.Text;
using System.Text.Json;
using Routing.Core.Credentials;

namespace Routing.Identity.Exchanges;

/// <summary>
/// The proof that Google takes from AWS: a request to <c>GetCallerIdentity</c>, signed and not sent. Google sends it and reads who signed;
/// the header with the pool's name keeps it from being used anywhere else.
/// </summary>
internal static class AwsSignedRequest
{
    private const string Query = "Action=GetCallerIdentity&Version=2011-06-15";

    public static string Write(AwsCredential keys, string region, string poolProvider, TimeProvider time)
    {
        var (host, timestamp) = ($"sts.{region}.{(region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com")}", SigV4.Timestamp(time.GetUtcNow()));
        List<(string Name, string Value)> headers = [("host", host), ("x-amz-date", timestamp)];
        if (keys.SessionToken is { } session) headers.Add(("x-amz-security-token", session));
        headers.Add(("x-goog-cloud-target-resource", poolProvider));
        var authorization = SigV4.Authorize(new SigV4Request("POST", "/", Query, headers.ToArray()), [], keys, region, "sts", timestamp);
        headers.Add(("Authorization", $"{SigV4.Algorithm} {authorization}"));

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("url", $"https://{host}/?{Query}");
            writer.WriteString("method", "POST");
            writer.WriteStartArray("headers");
            foreach (var (name, value) in headers)
            {
                writer.WriteStartObject();
                writer.WriteString("key", name);
                writer.WriteString("value", value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Uri.EscapeDataString(Encoding.UTF8.GetString(json.ToArray()));
    }
}
