using System.Text;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using Routing.Simulator;
using Routing.Simulator.Faults;
using Routing.Simulator.Log;
using TestKit;

namespace Clients.Tests.Faults;

/// <summary>What the feature under test is bound to, and how patient it is.</summary>
internal sealed record Binding(Provider Primary, Provider? Backup)
{
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tokens of the window of each; 0 = not told.</summary>
    public (int Primary, int Backup) Windows { get; init; }

    /// <summary>When a stream reaches the caller. Where one goes on from another's, all models say the same.</summary>
    public DeliveryMode Delivery { get; init; }

    /// <summary>What one content filter refuses is put to the next.</summary>
    public bool AsksOtherFilters { get; init; }

    /// <summary>Of the calls that may go to both.</summary>
    public int HedgePercent { get; init; }
}

/// <summary>
/// One feature with a primary and perhaps a backup, on an edge and clouds of their own, whose time only passes by hand. So that no test meets the
/// breakers that another has tripped.
/// </summary>
internal sealed class FaultLab : IAsyncDisposable
{
    public const string Feature = "summary";
    public const string Question = "What did the team decide?";

    // Long enough for forty tokens to be cut off behind.
    private const int AnswerTokens = 120;
    private const int MicrosIn = 1_000_000;
    private const int MicrosOut = 4_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly RunningEdge _running;

    private FaultLab(RunningEdge running, Binding binding, ManualTime time) => (_running, Binding, Time) = (running, binding, time);

    public Binding Binding { get; }
    public ManualTime Time { get; }
    public SimulatorHost Clouds => _running.Clouds;
    public Uri Edge => _running.Address;

    public static async Task<FaultLab> StartAsync(Binding binding)
    {
        var simulator = EdgeAndClouds.Simulator();
        simulator.Models = [new ModelBehaviour { AnswerTokens = AnswerTokens, AnswersAs = binding.Delivery == DeliveryMode.Continued ? "anybody" : null }];
        var time = new ManualTime();
        return new FaultLab(await RunningEdge.StartAsync(simulator, (clouds, secret) => Routing(binding, clouds, secret), time), binding, time);
    }

    public void Break(Provider provider, FaultRule fault) => Assert.True(Clouds.Faults.Set(provider.Key, fault));

    public void Mend(Provider provider) => Assert.True(Clouds.Faults.Remove(provider.Key));

    /// <summary>What this provider answers when nothing is wrong.</summary>
    public Task<CallerSaw> HealthyAsync(Provider provider, bool stream) => Caller.AskAsync(this, provider.Feature, Question, stream);

    public Task<CallerSaw> AskAsync(bool stream, string? prefill = null, TaskCompletionSource? began = null) =>
        Caller.AskAsync(this, Feature, Question, stream, prefill, began);

    /// <summary>The calls a provider has got, once there are so many: one it never answered is told of when its client is gone.</summary>
    public async Task<IReadOnlyList<CallRecord>> SeenAsync(Provider provider, int count)
    {
        await Eventually.HoldsAsync(() => Seen(provider).Count >= count, Limit);
        return Seen(provider);
    }

    public IReadOnlyList<CallRecord> Seen(Provider provider) =>
        [.. Clouds.Log.After(0).Where(c => $"{c.Wire}/{c.Region}/{c.Model}" == provider.Key)];

    /// <summary>How they ended, in the order in which they came.</summary>
    public static string Outcomes(IEnumerable<CallRecord> calls) => string.Join(", ", calls.Select(c => c.Outcome));

    /// <summary>How often a fault has struck: known when the call has come, not when it has ended.</summary>
    public long Struck(Provider provider) => Clouds.Faults.All.Single(f => f.Key == provider.Key).Struck;

    /// <summary>Lets the pause before a retry pass: longer than <paramref name="least"/>, and not a moment of it before it has begun.</summary>
    /// <returns>How often the provider had been asked just before its end.</returns>
    public async Task<int> PassPauseAsync(Task asking, TimeSpan least, TimeSpan most)
    {
        var pause = Time.TimerDueInAsync(least + TimeSpan.FromTicks(1), most);
        Assert.Same(pause, await Task.WhenAny(asking, pause));
        Time.Advance(least);
        var asked = Seen(Binding.Primary).Count;
        Time.Advance(most - least);
        return asked;
    }

    /// <summary>
    /// Lets the limit of silence pass once an answer has begun, and again if the last bytes before the silence came only then, until the call
    /// has ended or gone on elsewhere.
    /// </summary>
    public async Task PassSilenceAsync(Task asking, Task began, Func<bool>? wentOn = null)
    {
        await await Task.WhenAny(asking, began);
        await Eventually.HoldsAsync(() =>
        {
            Time.Advance(Binding.FirstToken);
            return SpinWait.SpinUntil(() => asking.IsCompleted || wentOn?.Invoke() == true, TimeSpan.FromSeconds(2));
        }, Limit);
    }

    /// <summary>The ledger's row of a request, which is shipped every second.</summary>
    public async Task<UsageEvent> LedgerAsync(CallerSaw saw)
    {
        UsageEvent? row = null;
        await Eventually.HoldsAsync(() =>
        {
            Time.Advance(1);
            return (row = _running.FindInLedger(saw.RequestId)) is not null;
        }, Limit);
        return row!; // Waited for just now.
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    public static long Cost(long input, long output) => (input * MicrosIn / 1_000_000) + (output * MicrosOut / 1_000_000);

    private static string Routing(Binding binding, Uri clouds, Func<string, string> secret)
    {
        Provider[] providers = binding.Backup is { } backup ? [binding.Primary, backup] : [binding.Primary];
        int[] windows = [binding.Windows.Primary, binding.Windows.Backup];
        var yaml = new StringBuilder();
        RoutingFile.WriteAccounts(yaml, clouds, secret);
        yaml.AppendLine("modelEndpoints:");
        foreach (var (at, p) in providers.Index())
            yaml.AppendLine($"  - {{ id: {p.Feature}, account: {p.Account}, region: {p.Region}, model: \"{p.Model}\", maxOutputTokens: 4096, contextTokens: {windows[at]}{(p.Account == "openai" ? ", quirks: { prefill: continue_final_message }" : "")} }}");
        yaml.AppendLine("features:");
        WriteFeature(yaml, Feature, binding, providers);
        foreach (var p in providers) WriteFeature(yaml, p.Feature, binding, [p]);
        RoutingFile.WriteCaller(yaml, EdgeAndClouds.CallerKey);
        yaml.AppendLine("prices:");
        foreach (var p in providers) yaml.AppendLine($"  - {{ modelEndpoint: {p.Feature}, from: 2026-01-01T00:00:00Z, input: {MicrosIn}, output: {MicrosOut} }}");
        return yaml.ToString();
    }

    private static void WriteFeature(StringBuilder yaml, string name, Binding binding, IReadOnlyList<Provider> candidates)
    {
        var list = string.Join(", ", candidates.Select((p, at) => $"{{ modelEndpoint: {p.Feature}, tier: {at + 1} }}"));
        yaml.AppendLine($"  - {{ name: {name}, firstTokenMs: {binding.FirstToken.TotalMilliseconds}, totalMs: {binding.Total.TotalMilliseconds}, delivery: {binding.Delivery.ToString().ToLowerInvariant()}, failOverOnContentFilter: {(binding.AsksOtherFilters ? "true" : "false")}, hedgePercent: {binding.HedgePercent}, candidates: [ {list} ] }}");
    }
}
