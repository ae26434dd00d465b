using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace Clients.Tests.Faults;

/// <summary>All that a product's code can see of one call.</summary>
internal sealed record CallerSaw
{
    public required HttpStatusCode Status { get; init; }
    public required HttpResponseHeaders Headers { get; init; }
    public string Text { get; init; } = "";
    public string Model { get; init; } = "";
    public string Finish { get; init; } = "";
    public int Input { get; init; }
    public int Output { get; init; }

    /// <summary>What the client threw; null when it takes the answer for whole.</summary>
    public Exception? Error { get; init; }

    /// <summary>Of an error answer.</summary>
    public string? Code { get; init; }
    public string? Kind => Header("x-route-failure");
    public string? ServedBy => Header("x-route-endpoint");
    public int Attempts => int.Parse(Header("x-route-attempts") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
    public Guid RequestId => Guid.Parse(Header("x-route-request-id")!); // Every answer of the edge has it.

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}

/// <summary>Product code: OpenAI's own client, of which only address and key are ours.</summary>
internal static class Caller
{
    /// <param name="began">Told of the first piece of a stream.</param>
    public static async Task<CallerSaw> AskAsync(FaultLab lab, string feature, string question, bool stream, string? prefill = null, TaskCompletionSource? began = null)
    {
        using var heads = new Heads();
        using var http = new HttpClient(heads) { Timeout = Timeout.InfiniteTimeSpan };
        using var transport = new HttpClientPipelineTransport(http);
        var client = new ChatClient(feature, new ApiKeyCredential(EdgeAndClouds.CallerKey), new OpenAIClientOptions
        {
            Endpoint = new Uri(lab.Edge, "/v1"), Transport = transport, NetworkTimeout = Timeout.InfiniteTimeSpan,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // A retry would hide what the edge failed to do.
        });
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 2000 };
        ChatMessage[] messages = prefill is null ? [new UserChatMessage(question)] : [new UserChatMessage(question), new AssistantChatMessage(prefill)];
        var saw = stream ? await StreamedAsync(client, messages, options, began) : await WholeAsync(client, messages, options);
        return saw with { Status = heads.Status, Headers = heads.Last };
    }

    /// <summary>The bytes of a stream as they come, and whether they ended as they should.</summary>
    public static async Task<(string Text, bool EndsWell)> BytesAsync(FaultLab lab, TaskCompletionSource? began = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(lab.Edge, "/v1/chat/completions"))
        {
            Content = new StringContent($$"""{"model":"{{FaultLab.Feature}}","stream":true,"messages":[{"role":"user","content":"{{FaultLab.Question}}"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", EdgeAndClouds.CallerKey);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var body = new MemoryStream();
        try
        {
            var (stream, buffer) = (await response.Content.ReadAsStreamAsync(), new byte[4096]);
            for (int read; (read = await stream.ReadAsync(buffer)) > 0; began?.TrySetResult()) body.Write(buffer, 0, read);
            return (Encoding.UTF8.GetString(body.ToArray()), true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (Encoding.UTF8.GetString(body.ToArray()), false);
        }
    }

    private static readonly CallerSaw Nothing = new() { Status = default, Headers = null! }; // Both are set before anybody sees it.

    private static async Task<CallerSaw> WholeAsync(ChatClient client, ChatMessage[] messages, ChatCompletionOptions options)
    {
        try
        {
            ChatCompletion answer = await client.CompleteChatAsync(messages, options);
            return Nothing with
            {
                Text = string.Concat(answer.Content.Select(c => c.Text)), Model = answer.Model, Finish = answer.FinishReason.ToString(),
                Input = answer.Usage.InputTokenCount, Output = answer.Usage.OutputTokenCount,
            };
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return Nothing with { Error = e, Code = CodeOf(e) };
        }
    }

    private static async Task<CallerSaw> StreamedAsync(ChatClient client, ChatMessage[] messages, ChatCompletionOptions options, TaskCompletionSource? began)
    {
        var (text, models, saw) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal), Nothing);
        try
        {
            await foreach (var update in client.CompleteChatStreamingAsync(messages, options))
            {
                foreach (var part in update.ContentUpdate) text.Append(part.Text);
                if (text.Length > 0) began?.TrySetResult();
                if (update.Model is { Length: > 0 } model) models.Add(model);
                if (update.FinishReason is { } finish) saw = saw with { Finish = finish.ToString() };
                if (update.Usage is { } usage) saw = saw with { Input = usage.InputTokenCount, Output = usage.OutputTokenCount };
            }
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            saw = saw with { Error = e, Code = CodeOf(e) };
        }

        // Whoever it was, it was one.
        return saw with { Text = text.ToString(), Model = models.Count > 0 ? Assert.Single(models) : "" };
    }

    private static string? CodeOf(Exception error)
    {
        if (error is not ClientResultException result || result.GetRawResponse() is not { } response) return null;
        using var body = JsonDocument.Parse(response.Content);
        return body.RootElement.GetProperty("error").GetProperty("code").GetString();
    }

    /// <summary>Keeps what the client does not hand out.</summary>
    private sealed class Heads() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero })
    {
        public HttpStatusCode Status { get; private set; }
        public HttpResponseHeaders Last { get; private set; } = null!; // Set by the answer.

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            (Status, Last) = (response.StatusCode, response.Headers);
            return response;
        }
    }
}
