using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Edge.Anthropic;
using Routing.Edge.Callers;
using Routing.Edge.Calls;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;
using Routing.Edge.Responses;

namespace Routing.Edge.Explain;

/// <summary>
/// <c>POST /v1/routing/explain?api=chat_completions</c> with the body of a call: where that call would go now, and why. Nothing is sent
/// to anybody. Only for features the key may name; tells nothing of accounts, model names or other callers.
/// </summary>
internal sealed class ExplainEndpoint(
    CurrentTable current, ChatCompletionsEndpoint chat, ResponsesEndpoint responses, MessagesEndpoint messages, EmbeddingsEndpoint embeddings,
    EdgeOptions options, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var at = time.GetUtcNow();
        if (current.Value is not { } table)
        {
            await OpenAIErrorWriter.WriteAsync(context, ErrorAnswer.NotReady).ConfigureAwait(false);
            return;
        }

        if (!CallerGate.TryAdmit(context, table, at, AnthropicHeaders.Key, out var caller, out var error)
            || !RequestBody.TryCheckHead(context.Request, options.MaxBodyBytes, out error)
            || !TryFindApi(context.Request, out var api, out error))
        {
            await OpenAIErrorWriter.WriteAsync(context, error).ConfigureAwait(false);
            return;
        }

        using var body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
        if (!api.TryRead(body.Json, out var call, out var failure))
        {
            await OpenAIErrorWriter.WriteAsync(context, ErrorAnswer.Of(failure)).ConfigureAwait(false);
            return;
        }

        if (!caller.Features.TryGetValue(call.Feature, out var route))
        {
            await OpenAIErrorWriter.WriteAsync(context, ErrorAnswer.NoSuchFeature(call.Feature)).ConfigureAwait(false);
            return;
        }

        Write(context.Response, table, RoutingExplainer.Explain(route, call, at), at);
    }

    private bool TryFindApi(HttpRequest request, out IInboundApi api, out ErrorAnswer error)
    {
        var name = request.Query["api"].ToString();
        IInboundApi? found = name switch
        {
            "" or "chat_completions" => chat,
            "responses" => responses,
            "messages" => messages,
            "embeddings" => embeddings,
            _ => null,
        };
        (api, error) = (found ?? chat, found is not null ? default : ErrorAnswer.Of(Failure.Of(
            FailureKind.InvalidRequest, $"The query parameter api is '{ErrorAnswer.Shown(name)}'; write chat_completions, responses, messages or embeddings.") with { Param = "api" }));
        return found is not null;
    }

    private static void Write(HttpResponse response, RoutingTable table, RoutingExplanation explanation, DateTimeOffset at)
    {
        response.ContentType = "application/json";
        response.Headers[RouteHeaders.Revision] = table.Revision.ToString(CultureInfo.InvariantCulture);
        var answer = new ExplainAnswer(
            "routing.explanation", explanation.Feature, at, table.Revision, table.Overlay, explanation.MaxAttempts, explanation.Delivery, explanation.Choice,
            explanation.Failure?.Message, explanation.Candidates, explanation.Shadows);
        using var json = new Utf8JsonWriter(response.BodyWriter, AnswerJson.Options);
        JsonSerializer.Serialize(json, answer, ExplainJson.Default.ExplainAnswer);
    }
}

/// <param name="Choice">What decides who is asked first; null when nobody would be.</param>
/// <param name="Refusal">Why the call would be refused at once; null when it would be tried.</param>
internal sealed record ExplainAnswer(
    string Object, string Feature, DateTimeOffset At, long Revision, long Overlay, int MaxAttempts, DeliveryMode Delivery, string? Choice, string? Refusal, ImmutableArray<CandidateExplanation> Candidates,
    ImmutableArray<ShadowExplanation> Shadows);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExplainAnswer))]
internal sealed partial class ExplainJson : JsonSerializerContext;
