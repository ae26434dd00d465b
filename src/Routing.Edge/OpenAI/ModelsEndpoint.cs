using System.Text.Json;
using Routing.Core.Tables;
using Routing.Edge.Callers;

namespace Routing.Edge.OpenAI;

/// <summary><c>GET /v1/models</c>: the features this key may name.</summary>
internal sealed class ModelsEndpoint(CurrentTable current, TimeProvider time)
{
    public Task HandleAsync(HttpContext context)
    {
        if (current.Value is not { } table) return OpenAIErrorWriter.WriteAsync(context, ErrorAnswer.NotReady);
        if (!CallerGate.TryAdmit(context, table, time.GetUtcNow(), out var caller, out var error)) return OpenAIErrorWriter.WriteAsync(context, error);
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var name in caller.Features.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, name);
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, 0);
            json.WriteString("owned_by"u8, "route"u8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return Task.CompletedTask;
    }
}
