using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace AllInOne.Sample;

/// <summary>
/// Gentle traffic over the sample features, so that every page has something to show: two of three calls streamed,
/// sent over HTTP like any caller's. Says at its end what came back.
/// </summary>
internal sealed partial class SampleTraffic(SampleTrafficOptions options, TimeProvider time, ILogger<SampleTraffic> logger) : BackgroundService
{
    private const string Agent = "task-agent";
    private const string Index = "search-index";
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"find_task","description":"Finds a task by its words.","parameters":{"type":"object","properties":{"words":{"type":"string"}},"required":["words"]}}}]""";

    private static readonly (string Feature, int Share, string Prompt)[] Features =
    [
        ("thread-summary", 35, "Summarise the thread about the release of the mobile app, message {0}."),
        ("channel-recap", 20, "Recap what happened in #design since yesterday, part {0}."),
        ("search-answer", 20, "Answer from the search results: where is the travel policy, question {0}?"),
        ("huddle-notes", 10, "Write notes of the planning call, section {0}."),
        ("translate", 15, "Translate to French: see you at the stand-up, variant {0}."),
        (Agent, 8, "Which task is about the travel policy? Case {0}."),
        (Index, 8, "The travel policy was changed, paragraph {0}."),
    ];

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Random _random = new(20261124);
    private int _sent;
    private int _answered;
    private int _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1 / options.RequestsPerSecond), time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            var (feature, prompt) = Pick();
            _ = CallAsync(feature, prompt, stream: feature != Index && _sent % 3 != 0, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        LogEnded(Volatile.Read(ref _sent), Volatile.Read(ref _answered), Volatile.Read(ref _failed));
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    private (string Feature, string Prompt) Pick()
    {
        var draw = _random.Next(Features.Sum(f => f.Share));
        foreach (var (feature, share, prompt) in Features)
        {
            if ((draw -= share) < 0) return (feature, string.Format(CultureInfo.InvariantCulture, prompt, _random.Next(1000)));
        }

        return (Features[0].Feature, Features[0].Prompt);
    }

    private async Task CallAsync(string feature, string prompt, bool stream, CancellationToken stop)
    {
        Interlocked.Increment(ref _sent);
        try
        {
            using var response = await _http.SendAsync(Request(feature, prompt, stream), stop);
            var body = await response.Content.ReadAsStringAsync(stop);
            var whole = response.IsSuccessStatusCode && (!stream || body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
            if (whole) Interlocked.Increment(ref _answered);
            else Failed(feature, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Failed(feature, e.GetType().Name);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private HttpRequestMessage Request(string feature, string prompt, bool stream) => new(HttpMethod.Post, new Uri(options.Edge, feature == Index ? "/v1/embeddings" : "/v1/chat/completions"))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", options.CallerKey) },
        Content = new StringContent(feature == Index
            ? $$"""{"model":"{{feature}}","input":["{{prompt}}"]}"""
            : $$"""{"model":"{{feature}}","stream":{{(stream ? "true" : "false")}},"max_tokens":200,"messages":[{"role":"user","content":"{{prompt}}"}]{{(feature == Agent ? Tools : "")}}}""",
            Encoding.UTF8, "application/json"),
    };

    private void Failed(string feature, string reason)
    {
        Interlocked.Increment(ref _failed);
        LogFailed(feature, reason);
    }

    [LoggerMessage(LogLevel.Information, "Sample traffic ended: {Sent} sent, {Answered} answered, {Failed} failed; the rest was under way.")]
    private partial void LogEnded(int sent, int answered, int failed);

    [LoggerMessage(LogLevel.Warning, "A sample call to {Feature} was not answered: {Reason}.")]
    private partial void LogFailed(string feature, string reason);
}

internal sealed record SampleTrafficOptions(Uri Edge, string CallerKey, double RequestsPerSecond);
