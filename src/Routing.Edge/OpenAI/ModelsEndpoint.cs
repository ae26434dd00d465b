using System.Text.Json;
using Routing.Core.Tables;
using Routing.Edge.Anthropic;
using Routing.Edge.Callers;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: the features this key may name.</summary>
internal sealed class ModelsEndpoint(CurrentTable current, TimeProvider time)
{
    public const string OnePath = "/v1/models/";

    public Task ListAsync(HttpContext context)
    {
        if (Refusal(context, out var caller) is { } error) return OpenAIErrorWriter.WriteAsync(context, error);
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var name in caller.Features.Keys.Order(StringComparer.Ordinal)) Write(json, name);
        json.WriteEndArray();
        json.WriteEndObject();
        return Task.CompletedTask;
    }

    public Task OneAsync(HttpContext context, string name)
    {
        if (Refusal(context, out var caller) is { } error) return OpenAIErrorWriter.WriteAsync(context, error);
        if (!caller.Features.ContainsKey(name)) return OpenAIErrorWriter.WriteAsync(context, ErrorAnswer.NoSuchFeature(name));
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options);
        Write(json, name);
        return Task.CompletedTask;
    }

    private ErrorAnswer? Refusal(HttpContext context, out CallerBinding caller)
    {
        caller = null!; // Only read when there is no refusal.
        if (current.Value is not { } table) return ErrorAnswer.NotReady;
        return CallerGate.TryAdmit(context, table, time.GetUtcNow(), AnthropicHeaders.Key, out caller, out var error) ? null : error;
    }

    private static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, name);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0);
        json.WriteString("owned_by"u8, "route"u8);
        json.WriteEndObject();
    }
}
