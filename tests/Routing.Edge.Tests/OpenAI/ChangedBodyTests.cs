using System.Text;
using System.Text.Json.Nodes;
using Routing.Core.Llm;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Tests.OpenAI;

/// <summary>A good body with one value changed into another kind, left out or moved: refused with a name, or readable in full.</summary>
public sealed class ChangedBodyTests
{
    private const string Body = """
        {"model":"m","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"max_tokens":5,"temperature":1.5,"top_p":0.5,"stop":["a"],"seed":1,"n":1,
         "presence_penalty":0.5,"frequency_penalty":0,"logprobs":false,"logit_bias":{"1":2},"reasoning_effort":"low","verbosity":"low","user":"u","metadata":{"a":"b"},
         "service_tier":"flex","prompt_cache_key":"k","parallel_tool_calls":false,"modalities":["text"],"store":false,
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true},"cache_control":{"type":"ephemeral","ttl":"5m"}}],
         "tool_choice":{"type":"function","function":{"name":"f"}},
         "response_format":{"type":"json_schema","json_schema":{"name":"s","description":"d","schema":{"type":"object"},"strict":true}},
         "messages":[
          {"role":"system","content":[{"type":"text","text":"s"}]},
          {"role":"user","name":"ann","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}}]},
          {"role":"assistant","content":null,"refusal":"r","reasoning_content":"x","thinking_blocks":[{"type":"thinking","thinking":"x","signature":"s"},{"type":"redacted_thinking","data":"d","tool_calls_before":1}],
            "tool_calls":[{"id":"c1","type":"function","index":0,"function":{"name":"f","arguments":"{\"a\":1}"}}]},
          {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"1"}]}]}
        """;

    private static readonly string?[] Values =
        [null, "null", "true", "7", "-1.5", "1e400", "\"\"", "\"x\"", "\"function\"", "\"https://x\"", "[]", "[null]", "[[]]", "{}", "{\"type\":\"text\"}", "{\"role\":\"assistant\"}"];

    [Fact]
    public void TryRead_Unchanged_IsAccepted()
    {
        Assert.True(ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(Body), out var call, out var failure), failure?.Message);
        Assert.Equal(4, call.Request.Messages.Length);
    }

    [Fact]
    public void TryRead_AnyOneValueChanged_IsRefusedByNameOrBuilt()
    {
        var places = Places(JsonNode.Parse(Body)!).Count();
        var (refused, built) = (0, 0);
        for (var place = 0; place < places; place++)
        {
            foreach (var value in Values)
            {
                if (!ChatCompletionReader.TryRead(Encoding.UTF8.GetBytes(Change(place, value)), out var call, out var failure))
                {
                    Assert.Equal(failure.Param == "store" && failure.RawCode == "unsupported_capability" ? FailureKind.CapabilityUnsupported : FailureKind.InvalidRequest, failure.Kind);
                    refused++;
                }
                else if ((call.Needs & (Capabilities.SameWireFields | Capabilities.Audio)) == Capabilities.None)
                {
                    Assert.NotEmpty(call.Request.Messages);
                    Assert.NotNull(call.Fields!(call.Original!));
                    built++;
                }
            }
        }

        Assert.True(refused > 1000 && built > 200, $"{refused} refused, {built} built");
    }

    /// <summary>The body with its nth value in another's place; null leaves it out.</summary>
    private static string Change(int place, string? value)
    {
        const string Mark = "changed-value";
        var root = JsonNode.Parse(Body)!;
        var (parent, key) = Places(root).ElementAt(place);
        if (parent is JsonObject members)
        {
            if (value is null) members.Remove((string)key);
            else members[(string)key] = Mark;
        }
        else
        {
            if (value is null) ((JsonArray)parent).RemoveAt((int)key);
            else ((JsonArray)parent)[(int)key] = Mark;
        }

        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode node)
    {
        IEnumerable<(object Key, JsonNode? Value)> children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)).ToArray(),
            JsonArray a => a.Select((v, i) => ((object)i, v)).ToArray(),
            _ => [],
        };
        foreach (var (key, value) in children)
        {
            yield return (node, key);
            if (value is null) continue;
            foreach (var place in Places(value)) yield return place;
        }
    }
}
