using Routing.Edge.Anthropic;
using Routing.Edge.Calls;
using Routing.Edge.Explain;
using Routing.Edge.OpenAI;
using Routing.Edge.Probes;
using Routing.Edge.Responses;

namespace Routing.Edge;

/// <summary>
/// Every path there is, compared exactly, but for those that end with a feature's name or a response's id: no patterns, nothing to get around. Also the boundary where what went wrong with a
/// request becomes an answer of OpenAI's shape.
/// </summary>
internal sealed partial class EdgeRoutes(EdgeEndpoints endpoints, Drain drain, EdgeOptions options, RequestIdSource ids, TimeProvider time, ILogger<EdgeRoutes> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var inFlight = drain.Enter(context);
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e).ConfigureAwait(false);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The caller went away; nobody is left to be told.
        }
        catch (Exception e) when (e is not AnswerCutException)
        {
            Failed(log, e, context.Request.Method, ErrorAnswer.Shown(context.Request.Path.Value ?? ""));
            if (context.Response.HasStarted) throw new AnswerCutException();
            var id = context.Response.Headers[RouteHeaders.RequestId];
            context.Response.Clear();
            context.Response.Headers[RouteHeaders.RequestId] = id;
            await AnswerAsync(context, ErrorAnswer.Bug).ConfigureAwait(false);
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var request = context.Request;
        return request.Path.Value switch
        {
            "/v1/chat/completions" => HttpMethods.IsPost(request.Method) ? endpoints.Chat.HandleAsync(context) : WrongMethod(context, "POST"),
            "/v1/embeddings" => HttpMethods.IsPost(request.Method) ? endpoints.Embeddings.HandleAsync(context) : WrongMethod(context, "POST"),
            "/v1/messages" => HttpMethods.IsPost(request.Method) ? endpoints.Messages.HandleAsync(context) : WrongMethod(context, "POST"),
            "/v1/messages/count_tokens" => HttpMethods.IsPost(request.Method) ? endpoints.CountTokens.HandleAsync(context) : WrongMethod(context, "POST"),
            "/v1/responses" => HttpMethods.IsPost(request.Method) ? endpoints.Responses.HandleAsync(context) : WrongMethod(context, "POST"),
            { } path when ResponsesEndpoint.IsAboutStored(path) => ResponsesEndpoint.RefuseStoredAsync(Identified(context)),
            "/v1/routing/explain" => HttpMethods.IsPost(request.Method) ? endpoints.Explain.HandleAsync(Identified(context)) : WrongMethod(context, "POST"),
            "/v1/models" => HttpMethods.IsGet(request.Method) ? endpoints.Models.ListAsync(Identified(context)) : WrongMethod(context, "GET"),
            { } path when path.Length > ModelsEndpoint.OnePath.Length && path.StartsWith(ModelsEndpoint.OnePath, StringComparison.Ordinal)
                => HttpMethods.IsGet(request.Method) ? endpoints.Models.OneAsync(Identified(context), path[ModelsEndpoint.OnePath.Length..]) : WrongMethod(context, "GET"),
            "/healthz" => ProbeEndpoints.LiveAsync(context),
            "/readyz" => endpoints.Probes.ReadyAsync(context),
            var path => AnswerAsync(context, ErrorAnswer.NoSuchPath(request.Method, path ?? "")),
        };
    }

    private Task WrongMethod(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return AnswerAsync(context, ErrorAnswer.WrongMethod(allowed));
    }

    // Too large without saying so in its head, too slow, or not HTTP: found while the body was read.
    private Task RefuseAsync(HttpContext context, BadHttpRequestException e)
    {
        if (context.Response.HasStarted) throw new AnswerCutException();
        var error = e.StatusCode == 413
            ? RequestBody.TooLarge(options.MaxBodyBytes)
            : new ErrorAnswer(e.StatusCode, "invalid_request_error", "bad_http_request", "invalid_request", "The request breaks the rules of HTTP: " + e.Message);
        return AnswerAsync(context, error);
    }

    // In the words of the API that was called.
    private Task AnswerAsync(HttpContext context, in ErrorAnswer error) => AnthropicHeaders.IsSpoken(context.Request)
        ? AnthropicErrorWriter.WriteAsync(Identified(context), error)
        : OpenAIErrorWriter.WriteAsync(Identified(context), error);

    /// <summary>What never reaches the pipeline can be asked about by its id as well.</summary>
    private HttpContext Identified(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (headers[RouteHeaders.RequestId].Count == 0) headers[RouteHeaders.RequestId] = ids.Next(time.GetUtcNow()).ToString();
        return context;
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed with a bug of ours.")]
    private static partial void Failed(ILogger log, Exception exception, string method, string path);
}

/// <summary>What the paths lead to.</summary>
internal sealed record EdgeEndpoints(
    ChatCompletionsEndpoint Chat, EmbeddingsEndpoint Embeddings, MessagesEndpoint Messages, CountTokensEndpoint CountTokens, ResponsesEndpoint Responses,
    ModelsEndpoint Models, ExplainEndpoint Explain, ProbeEndpoints Probes);
