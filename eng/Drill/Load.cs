using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Drill;

/// <summary>Steady traffic to all edges in turn, every second call streamed. No hidden retries: each call is sent once.</summary>
internal sealed class Load(DrillOptions options, LoadLedger ledger) : IDisposable
{
    private static readonly string[] Features = ["thread-summary", "channel-recap", "search-answer", "huddle-notes", "translate"];
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) });

    private readonly List<Task> _calls = [];

    /// <summary>What is being done to the system now; noted with each failure.</summary>
    public string Phase { get; set; } = "steady";

    public async Task RunAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / options.Rate));
        try
        {
            for (var i = 0; await beat.WaitForNextTickAsync(stop); i++) Begin(i);
        }
        catch (OperationCanceledException)
        {
            // The drill is over; what was sent still ends.
        }

        await BegunAsync();
    }

    /// <summary>Completes when every call begun so far has ended, well or not.</summary>
    public Task BegunAsync()
    {
        lock (_calls) return Task.WhenAll([.. _calls]);
    }

    public void Dispose() => _http.Dispose();

    private void Begin(int number)
    {
        lock (_calls)
        {
            _calls.RemoveAll(c => c.IsCompleted);
            _calls.Add(CallAsync(number));
        }
    }

    private async Task CallAsync(int number)
    {
        await Task.Yield();
        var edge = options.Edges[number % options.Edges.Count];
        var phase = Phase;
        try
        {
            using var response = await _http.SendAsync(Request(edge, number), CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode != 200) ledger.Fail(edge, phase, $"status {(int)response.StatusCode}");
            else if (!IsWhole(body, number)) ledger.Fail(edge, phase, "truncated");
            else ledger.Complete(response.Headers.GetValues("x-route-request-id").Single());
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            ledger.Fail(edge, phase, e.GetType().Name);
        }
    }

    private HttpRequestMessage Request(Uri edge, int number)
    {
        var stream = IsStreamed(number) ? "true" : "false";
        var body = string.Create(CultureInfo.InvariantCulture,
            $"{{\"model\":\"{Features[number % Features.Length]}\",\"stream\":{stream},\"max_tokens\":40,\"messages\":[{{\"role\":\"user\",\"content\":\"Drill call {number}.\"}}]}}");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(edge, "/v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", options.Key) },
        };
    }

    private static bool IsStreamed(int number) => number / 2 % 2 == 0;

    private static bool IsWhole(string body, int number) =>
        IsStreamed(number) ? body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) : body.EndsWith('}');
}
