using System.Text.Json;
using Routing.Core.Tables;
using Routing.Edge.Anthropic;
using Routing.Edge.Callers;
using Routing.Edge.Calls;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: the features this key may name, as OpenAI or Anthropic lists models.</summary>
internal sealed class ModelsEndpoint(CurrentTable current, TimeProvider time)
{
    public const string OnePath = "/v1/models/";

    public Task ListAsync(HttpContext context)
    {
        if (Refusal(context, out var caller) is { } error) return RefuseAsync(context, error);
        string[] names = [.. caller.Features.Keys.Order(StringComparer.Ordinal)];
        using var json = Begin(context);
        if (AnthropicHeaders.IsSpoken(context.Request)) ModelsJson.WriteList(json, names);
        else WriteList(json, names);
        return Task.CompletedTask;
    }

    public Task OneAsync(HttpContext context, string name)
    {
        if (Refusal(context, out var caller) is { } error) return RefuseAsync(context, error);
        if (!caller.Features.ContainsKey(name)) return RefuseAsync(context, ErrorAnswer.NoSuchFeature(name));
        using var json = Begin(context);
        if (AnthropicHeaders.IsSpoken(context.Request)) ModelsJson.Write(json, name);
        else Write(json, name);
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, in ErrorAnswer error) => AnthropicHeaders.IsSpoken(context.Request)
        ? AnthropicErrorWriter.WriteAsync(context, error)
        : OpenAIErrorWriter.WriteAsync(context, error);

    private static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options);
    }

    private ErrorAnswer? Refusal(HttpContext context, out CallerBinding caller)
    {
        caller = null!; // Only read when there is no refusal.
        if (current.Value is not { } table) return ErrorAnswer.NotReady;
        return CallerGate.TryAdmit(context, table, time.GetUtcNow(), AnthropicHeaders.Key, out caller, out var error) ? null : error;
    }

    private static void WriteList(Utf8JsonWriter json, string[] names)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var name in names) Write(json, name);
        json.WriteEndArray();
        json.WriteEndObject();
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
