using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Simulation;

/// <summary>
/// Edges with the real selector, breakers and gates, callers at random moments, and scripted providers, in virtual time on one thread: a seed
/// replays to the last call. The loop of attempts is the dispatcher's rule (next candidate, then fail open, then once more), without its bytes.
/// </summary>
internal sealed class FleetSimulation
{
    private static readonly long ReportBeat = TimeSpan.FromSeconds(2).Ticks;

    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly VirtualClock _time = new();
    private readonly SimulatedEdge[] _edges;
    private readonly SimulatedProvider[] _providers;
    private readonly PriorityQueue<SimulatedCall, (long At, int Order)> _due = new();
    private readonly FleetRun _run;
    private int _order;

    public FleetSimulation(Scenario scenario)
    {
        (_scenario, _random) = (scenario, new Random(scenario.Seed));
        _providers = [.. scenario.Providers.Select(script => new SimulatedProvider(script, scenario.Memory))];
        _edges = [.. Enumerable.Range(0, scenario.Edges).Select(i => new SimulatedEdge(i, scenario, _time))];
        _run = new FleetRun(scenario, _edges, _providers);
    }

    private double Now => TimeSpan.FromTicks(_time.GetTimestamp()).TotalSeconds;

    public FleetRun Run()
    {
        var (end, report) = (TimeSpan.FromSeconds(_scenario.Seconds).Ticks, ReportBeat);
        for (var arrival = NextArrival(0); arrival < end; arrival = NextArrival(arrival))
        {
            for (; report < arrival; report += ReportBeat)
            {
                RunTo(report);
                foreach (var edge in _edges) edge.Health.Tick();
            }

            RunTo(arrival);
            Begin();
        }

        RunTo(long.MaxValue);
        return _run;
    }

    private long NextArrival(long last) => last + (long)(-Math.Log(1 - _random.NextDouble()) / _scenario.PerSecond * TimeSpan.TicksPerSecond) + 1;

    private void RunTo(long moment)
    {
        while (_due.TryPeek(out var call, out var when) && when.At <= moment)
        {
            _due.Dequeue();
            _time.MoveTo(when.At);
            End(call);
        }

        if (moment != long.MaxValue) _time.MoveTo(moment);
    }

    private void Begin()
    {
        var edge = _edges[_random.Next(_edges.Length)];
        var call = new SimulatedCall(edge)
        {
            GivesUpAt = _random.NextDouble() < _scenario.GivesUp ? _time.GetTimestamp() + TimeSpan.FromSeconds(_random.NextDouble() * _scenario.LongestWait).Ticks : long.MaxValue,
            PromptTokens = _scenario.PromptTokens?.Invoke(Now, _random) ?? 1_000,
        };
        _run.Calls++;
        if (!TryNext(call, last: null)) _run.Refused(call);
    }

    /// <summary>The dispatcher's order: a fresh candidate; nobody asked yet, the least bad one; else the same one once more where its failure allows.</summary>
    private bool TryNext(SimulatedCall call, FailureKind? last)
    {
        if (call.Attempts >= call.Edge.Route.MaxAttempts) return false;
        var (admitted, previous) = (call.Selector.TryNext(out var candidate, out var permit), call.Candidate);
        _run.Note(call, _time.GetTimestamp());
        if (!admitted && previous is null) admitted = call.Selector.TryFailOpen(out candidate, out permit);
        if (!admitted && previous is not null && !call.IsRetry && last is { } kind && FailureRules.Of(kind).Retries > 0)
        {
            (candidate, call.IsRetry) = (previous, true);
            admitted = candidate.Endpoint.Health.TryAcquire(out permit, out _);
        }

        if (admitted) Send(call, candidate, permit);
        return admitted;
    }

    private void Send(SimulatedCall call, Candidate candidate, Permit permit)
    {
        call.Attempts++;
        (call.Candidate, call.Permit, call.Begun) = (candidate, permit, _time.GetTimestamp());
        var provider = _providers[Array.IndexOf(call.Edge.Route.Candidates, candidate)];
        call.Reply = Patient(provider.Ask(Now, call.PromptTokens, _random), call.Edge.Route.FirstToken.TotalSeconds);
        var ends = Math.Min(call.Begun + TimeSpan.FromSeconds(call.Reply.Duration).Ticks, call.GivesUpAt);
        _due.Enqueue(call, (ends, _order++));
    }

    private static Reply Patient(Reply reply, double patience) =>
        Math.Min(reply.FirstToken, reply.Duration) > patience ? Reply.Refusal(FailureKind.DeadlineFirstToken, patience) : reply;

    private void End(SimulatedCall call)
    {
        var now = _time.GetTimestamp();
        var (waited, reply) = (TimeSpan.FromTicks(now - call.Begun), call.Reply);
        var gaveUp = now >= call.GivesUpAt;
        var failure = gaveUp ? FailureKind.ClientCancelled : reply.Failure;
        var firstToken = reply.FirstToken <= waited.TotalSeconds ? TimeSpan.FromSeconds(reply.FirstToken) : (TimeSpan?)null;
        TimeSpan? hint = reply.RetryAfter is { } seconds && !gaveUp ? TimeSpan.FromSeconds(seconds) : null;
        call.Candidate!.Endpoint.Health.Return(call.Permit, new AttemptSignal(failure, firstToken, waited, 100, hint) { PromptTokens = call.PromptTokens }); // there is one while an attempt is under way
        if (failure is { } kind && !gaveUp && !TryNext(call, kind)) _run.Failed++;
    }
}

/// <summary>A call on its way; the same object for all its attempts.</summary>
internal sealed class SimulatedCall(SimulatedEdge edge)
{
    private static readonly ChatCall Plain = new(() => new ChatRequest { Messages = [] }) { Feature = "f", Stream = true, Needs = Capabilities.Text };

    public CandidateSelector Selector = new(edge.Route, Plain, VirtualClock.Start);

    public SimulatedEdge Edge { get; } = edge;
    public int Attempts { get; set; }
    public Candidate? Candidate { get; set; }
    public Permit Permit { get; set; }
    public Reply Reply { get; set; }
    public long Begun { get; set; }
    public long GivesUpAt { get; init; }
    public int PromptTokens { get; init; }
    public bool IsRetry { get; set; }

    /// <summary>Candidates whose answer to being asked is written down already.</summary>
    public uint Noted { get; set; }
}
