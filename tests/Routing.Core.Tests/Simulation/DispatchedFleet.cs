using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Usage;
using TestKit;

namespace Routing.Core.Tests.Simulation;

/// <summary>
/// Edges with the real dispatcher, transport and adapters in virtual time: a primary and a backup, calls at random moments. Everything that
/// waits waits for the clock, so that the thread which moves it runs the whole fleet.
/// </summary>
internal sealed class DispatchedFleet
{
    public const string Primary = "primary.example", Backup = "backup.example";

    private readonly ManualTime _time = new(VirtualClock.Start);
    private readonly Random _random;
    private readonly ChatDispatcher _dispatcher;
    private readonly RoutingTable[] _tables;

    /// <param name="known">How many edges each takes the fleet for.</param>
    public DispatchedFleet(int edges, int known, int seed, Func<string, double, Reply> script)
    {
        _random = new Random(seed);
        _dispatcher = new ChatDispatcher(new ProviderTransport(() => new SimulatedClouds(_time, script), _time), _time);
        Health = [.. Enumerable.Range(0, edges).Select(i => new EndpointHealthRegistry(_time, (seed * 100) + i) { Edges = known })];
        _tables = [.. Health.Select(h => new RoutingTableCompiler(h, _ => new StaticTokenSource(new ApiKeyCredential("k")), (ulong)seed).Compile(Snapshot(), new EdgeOverlay(), "epoch"))];
    }

    public IReadOnlyList<EndpointHealthRegistry> Health { get; }

    /// <summary>Every call's edge and what became of it, in the order of their beginnings.</summary>
    public List<(int Edge, UsageEvent Event)> Calls { get; } = [];

    public void Run(double seconds, double perSecond)
    {
        // A test framework's context would take the continuations elsewhere, where no clock waits for them.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            List<Task> running = [];
            for (var at = 0.0; at < seconds; at += -Math.Log(1 - _random.NextDouble()) / perSecond)
            {
                _time.Advance(at - TimeSpan.FromTicks(_time.GetTimestamp()).TotalSeconds);
                var edge = _random.Next(_tables.Length);
                running.Add(RunAsync(edge));
            }

            _time.Advance(120);
            Assert.All(running, r => Assert.True(r.IsCompletedSuccessfully, $"A call is {r.Status}: it waits for something that is not the clock, or has thrown. {r.Exception}"));
            Calls.Sort((a, b) => a.Event.At.CompareTo(b.Event.At));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private async Task RunAsync(int edge)
    {
        var result = await DispatchAsync(_tables[edge]).ConfigureAwait(false);
        Calls.Add((edge, result.Event));
    }

    private ValueTask<DispatchResult> DispatchAsync(RoutingTable table)
    {
        const string Json = """{"model":"f","stream":true,"messages":[]}""";
        var call = new ChatCall(() => new ChatRequest { Messages = [] })
        {
            Feature = "f", Stream = true, Needs = Capabilities.Text, Original = new OriginalBody(Encoding.UTF8.GetBytes(Json), 9..12, null, 1),
        };
        var identity = new RequestIdentity(Guid.CreateVersion7(_time.GetUtcNow()), _time.GetUtcNow(), _time.GetTimestamp(), "tests");
        return _dispatcher.DispatchAsync(call, table.Features["f"], table, identity, new Unread(), CancellationToken.None);
    }

    private static RoutingSnapshot Snapshot() => new()
    {
        Accounts = [Account(Primary), Account(Backup)],
        ModelEndpoints = [new() { Id = Primary, Account = Primary, Model = "m" }, new() { Id = Backup, Account = Backup, Model = "m" }],
        Features = [new() { Name = "f", Candidates = [new() { ModelEndpoint = Primary }, new() { ModelEndpoint = Backup, Tier = 2, Role = CandidateRole.Backup }] }],
    };

    private static ProviderAccountConfig Account(string host) =>
        new() { Id = host, Provider = ProviderKind.OpenAICompatible, Address = $"https://{host}", Credential = new() { Kind = CredentialKind.ApiKey } };

    private sealed class Unread : IChatAnswer
    {
        public void Begin(in AnswerHead head) { }

        public void GoOn(in AnswerHead head) { }

        public void Write(List<ChatEvent> events) { }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => default;

        public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => default;
    }
}
