using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.OpenAI;

/// <summary>The response object: much of it repeats what was asked.</summary>
internal sealed class ResponseObject(JsonElement asked)
{
    // Member, and what stands there when the request has none.
    private static readonly (string Name, string Usual)[] Echoed =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"), ("temperature", "1.0"), ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_p", "1.0"), ("truncation", "\"disabled\""), ("user", "null"),
    ];

    /// <param name="answer">Null while it is being made.</param>
    public void Write(Utf8JsonWriter json, SimulatedCall call, Answer? answer, ResponseStatus status)
    {
        json.WriteStartObject();
        json.WriteString("id", call.RequestId);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", call.At.ToUnixTimeSeconds());
        json.WriteString("status", status.Status);
        json.WriteBoolean("background", false);
        WriteEnd(json, status);
        json.WriteString("model", call.Wire is AzureWire ? AzureWire.DatedModel(call.Model) : call.Model);
        json.WriteStartArray("output");
        foreach (var block in answer?.First.Blocks ?? []) new ResponseItem(asked, call, block).Write(json, isDone: true);
        json.WriteEndArray();
        json.WriteNull("previous_response_id");
        json.WriteStartObject("reasoning");
        json.WriteString("effort", asked.Get("reasoning")?.Text("effort"));
        json.WriteString("summary", asked.Get("reasoning")?.Text("summary"));
        json.WriteEndObject();
        json.WriteString("service_tier", OpenAIWire.ServiceTier(call));

        // Nothing is kept, whatever was asked for.
        json.WriteBoolean("store", false);
        foreach (var (name, usual) in Echoed)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(asked.Get(name)?.GetRawText() ?? usual);
        }

        if (answer is null) json.WriteNull("usage");
        else WriteUsage(json, answer);
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, ResponseStatus status)
    {
        if (status.Status != "failed")
        {
            json.WriteNull("error");
        }
        else
        {
            json.WriteStartObject("error");
            json.WriteString("code", "server_error");
            json.WriteString("message", "The model failed to produce a response.");
            json.WriteEndObject();
        }

        if (status.Reason is not { } reason)
        {
            json.WriteNull("incomplete_details");
            return;
        }

        json.WriteStartObject("incomplete_details");
        json.WriteString("reason", reason);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", answer.InputTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", answer.CachedTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", answer.OutputTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", answer.ThoughtTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteEndObject();
    }
}
