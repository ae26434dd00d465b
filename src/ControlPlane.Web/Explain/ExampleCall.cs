using System.Text.Json.Nodes;
using Routing.Core.Llm;

namespace ControlPlane.Web.Explain;

/// <summary>A body of the shape that was asked about, and the command that puts it to an edge's <c>POST /v1/routing/explain</c>. Nothing in it has a quote that a shell would take for its own.</summary>
internal static class ExampleCall
{
    private const string Text = "Put your own request in place of this one.";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private const string Picture = "https://example.com/picture.png";
    private const string Pdf = "JVBERi0xLjQK";

    public static string Curl(string feature, CallShape shape) => $$"""
        curl -s "$EDGE/v1/routing/explain?api={{shape.ApiKey}}" \
          -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
          -d '{{Body(feature, shape).ToJsonString()}}'
        """;

    public static JsonObject Body(string feature, CallShape shape)
    {
        JsonObject body = new() { ["model"] = feature };
        if (shape.IsEmbedding)
        {
            body["input"] = Text;
            return body;
        }

        bool isResponses = shape.Api == CallerApi.Responses;
        body[isResponses ? "input" : "messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Content(shape) });
        if (shape.Stream) body["stream"] = true;
        if (shape.Limit is { } limit) body[shape.LimitName] = limit;
        foreach (Capabilities need in shape.Offered.Where(n => shape.Needs.HasFlag(n))) Add(body, need, shape.Api);
        return body;
    }

    private static JsonNode Content(CallShape shape)
    {
        JsonArray parts = [Part(shape.Api, Capabilities.Text)];
        foreach (Capabilities need in new[] { Capabilities.Vision, Capabilities.ImageUrls, Capabilities.Documents, Capabilities.Audio })
        {
            if (shape.Needs.HasFlag(need)) parts.Add(Part(shape.Api, need));
        }

        return parts.Count == 1 ? JsonValue.Create(Text) : parts;
    }

    private static JsonNode? Part(CallerApi api, Capabilities kind) => JsonNode.Parse((api, kind) switch
    {
        (CallerApi.Messages, Capabilities.Vision) => $$$"""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Png}}}"}}""",
        (CallerApi.Messages, Capabilities.ImageUrls) => $$$"""{"type":"image","source":{"type":"url","url":"{{{Picture}}}"}}""",
        (CallerApi.Messages, Capabilities.Documents) => $$$"""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"{{{Pdf}}}"}}""",
        (CallerApi.Responses, Capabilities.Text) => $$$"""{"type":"input_text","text":"{{{Text}}}"}""",
        (CallerApi.Responses, Capabilities.Vision) => $$$"""{"type":"input_image","image_url":"data:image/png;base64,{{{Png}}}"}""",
        (CallerApi.Responses, Capabilities.ImageUrls) => $$$"""{"type":"input_image","image_url":"{{{Picture}}}"}""",
        (CallerApi.Responses, Capabilities.Documents) => $$$"""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,{{{Pdf}}}"}""",
        (_, Capabilities.Vision) => $$$"""{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Png}}}"}}""",
        (_, Capabilities.ImageUrls) => $$$"""{"type":"image_url","image_url":{"url":"{{{Picture}}}"}}""",
        (_, Capabilities.Documents) => $$$"""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,{{{Pdf}}}"}}""",
        (_, Capabilities.Audio) => """{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}""",
        _ => $$$"""{"type":"text","text":"{{{Text}}}"}""",
    });

    private static void Add(JsonObject body, Capabilities need, CallerApi api)
    {
        (string Name, string Value)? member = (api, need) switch
        {
            (CallerApi.Messages, Capabilities.Tools) => ("tools", """[{"name":"look_up","input_schema":{"type":"object"}}]"""),
            (CallerApi.Responses, Capabilities.Tools) => ("tools", """[{"type":"function","name":"look_up","parameters":{"type":"object"},"strict":false}]"""),
            (_, Capabilities.Tools) => ("tools", """[{"type":"function","function":{"name":"look_up","parameters":{"type":"object"}}}]"""),
            (CallerApi.Messages, Capabilities.JsonSchema) => ("output_config", """{"format":{"type":"json_schema","schema":{"type":"object"}}}"""),
            (CallerApi.Responses, Capabilities.JsonSchema) => ("text", """{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"}}}"""),
            (CallerApi.Responses, Capabilities.JsonObject) => ("text", """{"format":{"type":"json_object"}}"""),
            (_, Capabilities.JsonSchema) => ("response_format", """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}"""),
            (_, Capabilities.JsonObject) => ("response_format", """{"type":"json_object"}"""),
            (CallerApi.Messages, Capabilities.Reasoning) => ("thinking", """{"type":"adaptive"}"""),
            (CallerApi.Responses, Capabilities.Reasoning) => ("reasoning", """{"effort":"medium"}"""),
            (_, Capabilities.Reasoning) => ("reasoning_effort", "\"medium\""),
            (_, Capabilities.Logprobs) => ("logprobs", "true"),
            (_, Capabilities.MultipleChoices) => ("n", "2"),
            (_, Capabilities.Seed) => ("seed", "1"),
            (_, Capabilities.Penalties) => ("presence_penalty", "0.5"),
            _ => null,
        };
        if (member is { } given) body[given.Name] = JsonNode.Parse(given.Value);
    }
}
