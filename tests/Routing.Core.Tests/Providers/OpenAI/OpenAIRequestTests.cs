using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers.OpenAI;

public sealed class OpenAIRequestTests
{
    private static readonly ModelTarget Model = new("gpt-\"4.1\"", "", "", "", 4096);
    private static readonly IProviderAdapter Adapter = ProviderAdapters.Of(ProviderKind.OpenAICompatible);

    [Theory]
    [InlineData("""{"model":"f","messages":[ 1 ],"x": "ü" }""", false, """{"model":@,"messages":[ 1 ],"x": "ü" }""")]
    [InlineData("""{ "messages":[],"stream":true, "model" : "f"}""", true, """{"stream_options":{"include_usage":true}, "messages":[],"stream":true, "model" : @}""")]
    [InlineData("""{"model":"f","stream":true,"stream_options":{"include_usage":false},"n":1}""", true, """{"model":@,"stream":true,"stream_options":{"include_usage":true},"n":1}""")]
    [InlineData("""{"stream_options":null,"stream":true,"model":"f"}""", true, """{"stream_options":{"include_usage":true},"stream":true,"model":@}""")]
    public void WriteRequest_CallersBytes_AreCopiedAroundWhatRoutingChanges(string json, bool stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var call = new ChatCall(() => throw new InvalidOperationException("The same wire needs no canonical request."))
        {
            Feature = "f", Stream = stream,
            Original = new OriginalBody(bytes, Range(bytes, "\"f\"")!.Value, Range(bytes, "{\"include_usage\":false}") ?? Range(bytes, "null"), 1),
        };
        Assert.Equal(expected.Replace("@", "\"gpt-\\u00224.1\\u0022\"", StringComparison.Ordinal), Calls.Written(Adapter, Model, call));
    }

    [Theory]
    [InlineData(ProviderKind.OpenAICompatible, "", "/v1/chat/completions")]
    [InlineData(ProviderKind.AzureOpenAI, "", "/openai/v1/chat/completions")]
    [InlineData(ProviderKind.AzureOpenAI, "2024-10-21", "/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21")]
    public void Target_Mode_HasItsPath(ProviderKind kind, string version, string path)
    {
        var model = Model with { Model = "my gpt/4", ApiVersion = version };
        Assert.Equal(new WireTarget(path, "text/event-stream"), ProviderAdapters.Of(kind).Target(model, CallerApi.ChatCompletions, stream: true));
        Assert.Equal(new WireTarget(path, "application/json"), ProviderAdapters.Of(kind).Target(model, CallerApi.ChatCompletions, stream: false));
    }

    private static Range? Range(byte[] json, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var at = json.AsSpan().IndexOf(bytes);
        return at < 0 ? null : at..(at + bytes.Length);
    }
}
