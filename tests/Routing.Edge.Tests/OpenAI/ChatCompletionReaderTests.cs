using System.Text;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

public sealed class ChatCompletionReaderTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static TheoryData<string, string?, string> Refused => new()
    {
        { "", null, "invalid_json" },
        { "[]", null, "invalid_json" },
        { "{", null, "invalid_json" },
        { "\uFEFF{}", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + "}x", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + ",\"x\":\"\\ud800\"}", null, "invalid_json" },
        { "{\"model\":\"m\"," + Messages + ",\"x\":" + new string('[', 70) + new string(']', 70) + "}", null, "invalid_json" },
        { "{" + Messages + "}", "model", "missing_required_parameter" },
        { "{\"model\":\"m\"}", "messages", "missing_required_parameter" },
        { "{\"model\":7," + Messages + "}", "model", "invalid_type" },
        { "{\"model\":\"\"," + Messages + "}", "model", "invalid_value" },
        { "{\"model\":\"" + new string('x', 10_000) + "\"," + Messages + "}", "model", "string_above_max_length" },
        { "{\"model\":\"m\",\"model\":\"n\"," + Messages + "}", "model", "duplicate_parameter" },
        { "{\"model\":\"m\",\"mod\\u0065l\":\"n\"," + Messages + "}", "model", "duplicate_parameter" },
        { "{\"model\":\"m\",\"zzz\":1,\"zzz\":2," + Messages + "}", "zzz", "duplicate_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"role\":\"system\",\"content\":\"x\"}]}", "messages[0].role", "duplicate_parameter" },
        { "{\"model\":\"m\",\"messages\":[]}", "messages", "empty_array" },
        { "{\"model\":\"m\",\"messages\":{}}", "messages", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[3]}", "messages[0]", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}", "messages[0].role", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}", "messages[0].role", "invalid_value" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":null}]}", "messages[0].content", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":{}}]}", "messages[0].content", "invalid_type" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[]}]}", "messages[0].content", "empty_array" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}", "messages[0].content[0].type", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}", "messages[0].content[0].text", "missing_required_parameter" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]}", "messages[0].content[0].image_url.url", "invalid_value" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://169.254.169.254/\"}}]}]}", "messages[0].content[0].image_url.url", "invalid_value" },
        { "{\"model\":\"m\",\"stream\":\"true\"," + Messages + "}", "stream", "invalid_type" },
        { "{\"model\":\"m\",\"stream_options\":{}," + Messages + "}", "stream_options", "invalid_value" },
        { "{\"model\":\"m\",\"stream\":true,\"stream_options\":[]," + Messages + "}", "stream_options", "invalid_type" },
        { "{\"model\":\"m\",\"max_tokens\":-1," + Messages + "}", "max_tokens", "integer_below_min_value" },
        { "{\"model\":\"m\",\"max_tokens\":0," + Messages + "}", "max_tokens", "integer_below_min_value" },
        { "{\"model\":\"m\",\"max_tokens\":9223372036854775808," + Messages + "}", "max_tokens", "integer_above_max_value" },
        { "{\"model\":\"m\",\"max_tokens\":1e999," + Messages + "}", "max_tokens", "invalid_value" },
        { "{\"model\":\"m\",\"max_tokens\":1.5," + Messages + "}", "max_tokens", "invalid_type" },
        { "{\"model\":\"m\",\"max_completion_tokens\":\"10\"," + Messages + "}", "max_completion_tokens", "invalid_type" },
        { "{\"model\":\"m\",\"temperature\":NaN," + Messages + "}", null, "invalid_json" },
        { "{\"model\":\"m\",\"temperature\":2.1," + Messages + "}", "temperature", "decimal_above_max_value" },
        { "{\"model\":\"m\",\"top_p\":-0.1," + Messages + "}", "top_p", "decimal_below_min_value" },
        { "{\"model\":\"m\",\"n\":1000000," + Messages + "}", "n", "integer_above_max_value" },
        { "{\"model\":\"m\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]," + Messages + "}", "stop", "array_above_max_length" },
        { "{\"model\":\"m\",\"stop\":[1]," + Messages + "}", "stop[0]", "invalid_type" },
        { "{\"model\":\"m\",\"store\":true," + Messages + "}", "store", "unsupported_value" },
        { "{\"model\":\"m\",\"tools\":{}," + Messages + "}", "tools", "invalid_type" },
        { "{\"model\":\"m\",\"response_format\":{\"type\":\"xml\"}," + Messages + "}", "response_format.type", "invalid_value" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryRead_BadInput_NamesFieldAndCode(string json, string? param, string code)
    {
        Assert.False(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out var failure));
        Assert.Equal((FailureKind.InvalidRequest, param, code), (failure.Kind, failure.Param, failure.RawCode));
    }

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", Capabilities.Tools)]
    [InlineData("\"tools\":[]", Capabilities.None)]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", Capabilities.JsonSchema)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", Capabilities.JsonObject)]
    [InlineData("\"logprobs\":true", Capabilities.Logprobs)]
    [InlineData("\"n\":2", Capabilities.MultipleChoices)]
    [InlineData("\"n\":1", Capabilities.None)]
    [InlineData("\"seed\":5", Capabilities.Seed)]
    [InlineData("\"presence_penalty\":0.5", Capabilities.Penalties)]
    [InlineData("\"presence_penalty\":0", Capabilities.None)]
    [InlineData("\"reasoning_effort\":\"low\"", Capabilities.Reasoning)]
    [InlineData("\"user\":\"u\",\"metadata\":{\"a\":\"b\"},\"store\":false", Capabilities.None)]
    [InlineData("\"web_search_options\":{}", Capabilities.SameWireFields)]
    [InlineData("\"base_url\":\"http://evil\"", Capabilities.SameWireFields)]
    [InlineData("\"stream\":true", Capabilities.Streaming)]
    public void TryRead_Member_NeedsItsCapability(string member, Capabilities needs)
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{Messages},{member}}}"), out var call, out _));
        Assert.Equal(Capabilities.Text | needs, call.Needs);
    }

    [Fact]
    public void TryRead_InvalidUtf8_Refused()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"model\":\"m\"," + Messages + "}");
        bytes[10] = 0xFF;
        Assert.False(ChatCompletionReader.TryRead(bytes, out _, out var failure));
        Assert.Equal("invalid_json", failure.RawCode);
    }

    [Fact]
    public void TryRead_Ranges_CoverExactlyTheirValues()
    {
        var json = Encoding.UTF8.GetBytes("{ \"stream_options\": {\"include_usage\":true} , \"stream\":true,\"model\" : \"feat\"," + Messages + "}");
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));
        var original = call.Original!;
        Assert.Equal("\"feat\"", Encoding.UTF8.GetString(json[original.Model]));
        Assert.Equal("{\"include_usage\":true}", Encoding.UTF8.GetString(json[original.StreamOptions!.Value]));
        Assert.Equal(1, original.FirstMember);
        Assert.True(call.IncludeUsage);
    }

    [Fact]
    public void TryRead_NullStreamOptions_IsAPlaceToWriteTo()
    {
        var json = Encoding.UTF8.GetBytes("{\"stream_options\":null,\"stream\":true,\"model\":\"m\"," + Messages + "}");
        Assert.True(ChatCompletionReader.TryRead(json, out var call, out _));
        Assert.Equal("null", Encoding.UTF8.GetString(json[call.Original!.StreamOptions!.Value]));
    }

    [Fact]
    public void Request_Lazy_HoldsMessagesAndLimits()
    {
        var json = "{\"model\":\"m\",\"max_tokens\":9,\"temperature\":0.5,\"stop\":\"x\",\"messages\":[{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\\u00e9\"}]}]}";
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(json), out var call, out _));
        Assert.Equal([ChatRole.System, ChatRole.User], call.Request.Messages.Select(m => m.Role));
        Assert.Equal("é", ((TextPart)call.Request.Messages[1].Parts[0]).Text);
        Assert.Equal((9, 0.5), (call.Request.MaxOutputTokens, call.Request.Temperature));
        Assert.Equal("x", Assert.Single(call.Request.StopSequences));
    }

    [Fact]
    public void TryRead_EveryTruncation_IsRefusedNotThrown()
    {
        var json = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"stream\":true,\"n\":1,\"stop\":[\"a\"],\"response_format\":{\"type\":\"text\"}," + Messages + "}");
        for (var length = 0; length < json.Length; length++)
        {
            Assert.False(ChatCompletionReader.TryRead(json.AsMemory(0, length), out _, out var failure));
            Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
        }
    }

    [Fact]
    public void TryRead_SeededMutations_NeverThrow()
    {
        var json = Encoding.UTF8.GetBytes("{\"model\":\"m\",\"stream\":true,\"tools\":[{\"a\":1}],\"max_tokens\":5,\"logit_bias\":{\"1\":2}," + Messages + "}");
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var copy = json.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) copy[random.Next(copy.Length)] = (byte)random.Next(256);
            ChatCompletionReader.TryRead(copy, out _, out _);
        }
    }
}
