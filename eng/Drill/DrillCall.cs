using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Drill;

/// <param name="IsLong">Asks the feature whose answers the drill made slow.</param>
/// <param name="NewConnection">Asks for a connection of its own.</param>
internal readonly record struct DrillRequest(int Number, bool Stream, bool NewConnection, bool IsLong = false);

/// <summary>Sends a call once and judges whether its answer is whole.</summary>
internal sealed class DrillCall(DrillOptions options) : IDisposable
{
    private const string Slow = "translate";
    private const int Tokens = 40, LongTokens = 1_000;

    private static readonly string[] Features = ["thread-summary", "channel-recap", "search-answer", "huddle-notes"];
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) });

    /// <summary>The request's id, or how it failed.</summary>
    public async Task<(string Id, string? Failure)> SendAsync(Uri edge, DrillRequest call)
    {
        try
        {
            using var request = Message(edge, call);
            using var response = await _http.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode != 200) return ("", $"status {(int)response.StatusCode}, {Cause(response)}");
            return IsWhole(body, call.Stream) ? (response.Headers.GetValues("x-route-request-id").Single(), null) : ("", "truncated");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ("", e.GetType().Name);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(Uri edge, DrillRequest call)
    {
        var stream = call.Stream ? "true" : "false";
        var (feature, tokens) = call.IsLong ? (Slow, LongTokens) : (Features[call.Number % Features.Length], Tokens);
        var body = string.Create(CultureInfo.InvariantCulture,
            $"{{\"model\":\"{feature}\",\"stream\":{stream},\"max_tokens\":{tokens},\"messages\":[{{\"role\":\"user\",\"content\":\"Drill call {call.Number}.\"}}]}}");
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(edge, "/v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", options.Key) },
        };
        if (call.NewConnection) message.Headers.ConnectionClose = true;
        return message;
    }

    private static string Cause(HttpResponseMessage response) => response.Headers.TryGetValues("x-route-failure", out var kinds) ? kinds.First() : "not said by an edge";

    private static bool IsWhole(string body, bool stream) => stream ? body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) : body.EndsWith('}');
}
