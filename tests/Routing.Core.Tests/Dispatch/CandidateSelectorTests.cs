using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Tests.Simulation;
using TestKit;

namespace Routing.Core.Tests.Dispatch;

/// <summary>What a decision remembers of each candidate.</summary>
public sealed class CandidateSelectorTests
{
    private static readonly DateTimeOffset Later = VirtualClock.Start.AddHours(1);

    private static readonly ChatCall Plain = Call();

    private readonly SimulatedEdge _edge = new(0, Four(), new VirtualClock());

    [Fact]
    public void Reasons_SomebodyTakesTheCall_TellOfThoseBeforeAndNotOfThoseAfter()
    {
        Health(0).Isolate(Later, "drill", "ana");
        Health(1).Force(0, Later, "drill", "ana");
        var selector = Selector();

        Assert.True(selector.TryNext(out var candidate, out _));
        Assert.Equal("e2", candidate.Endpoint.Id);
        Assert.Equal([CandidateReason.Isolated, CandidateReason.Open, CandidateReason.Admitted, CandidateReason.NotReached], Reasons(selector));
    }

    [Fact]
    public void Reasons_ShareAndQuota_AreToldApart()
    {
        Health(0).Force(10, Later, "drill", "ana");
        Assert.True(Health(1).TryAcquire(out var permit, out _));
        Health(1).Return(permit, AttemptSignal.Failed(FailureKind.RateLimited, default));
        var selector = Selector();

        Assert.True(selector.TryNext(out _, out _));
        Assert.Equal([CandidateReason.OutsideShare, CandidateReason.QuotaClosed, CandidateReason.Admitted, CandidateReason.NotReached], Reasons(selector));
    }

    [Fact]
    public void Refusal_NobodyCanBeAsked_NamesEachCandidateWithItsReason()
    {
        Health(0).Isolate(Later, "drill", "ana");
        for (var i = 1; i < 4; i++) Health(i).Force(0, Later, "drill", "ana");
        for (var i = 0; i < 3 * 8; i++)
        {
            var filling = Selector();
            Assert.False(filling.TryNext(out _, out _));
            Assert.True(filling.TryFailOpen(out _, out _));
        }

        var selector = Selector();
        Assert.False(selector.TryNext(out _, out _));
        Assert.False(selector.TryFailOpen(out _, out _));

        Assert.Equal([CandidateReason.Isolated, CandidateReason.FailOpenFull, CandidateReason.FailOpenFull, CandidateReason.FailOpenFull], Reasons(selector));
        var refusal = selector.Refusal();
        Assert.Equal(FailureKind.NoEligibleEndpoint, refusal.Kind);
        Assert.StartsWith("Feature 'f' cannot be served just now: e0 is out of service; e1 is open after failures, and already asked by as many calls as may; e2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_NobodyHasQuotaLeft_IsOfTheQuotaUntilTheFirstHasSomeAgain()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.True(Health(i).TryAcquire(out var permit, out _));
            Health(i).Return(permit, AttemptSignal.Failed(FailureKind.RateLimited, default, TimeSpan.FromSeconds(20 + (10 * i))));
        }

        var selector = Selector();
        Assert.False(selector.TryNext(out _, out _));
        Assert.False(selector.TryFailOpen(out _, out _));

        var refusal = selector.Refusal();
        Assert.Equal((FailureKind.QuotaGateClosed, TimeSpan.FromSeconds(20)), (refusal.Kind, refusal.RetryAfter));
    }

    [Fact]
    public void Refusal_NobodyServesTheApi_IsAboutTheRequest()
    {
        var selector = new CandidateSelector(_edge.Route, Call(CallerApi.CountTokens, Capabilities.TokenCounting), VirtualClock.Start);
        Assert.False(selector.TryNext(out _, out _));

        Assert.All(Reasons(selector), r => Assert.Equal(CandidateReason.Incapable, r));
        Assert.Equal(FailureKind.CapabilityUnsupported, selector.Refusal().Kind);
    }

    [Fact]
    public void TryNext_AroundOpenAndReturningCandidates_AllocatesNothing()
    {
        Health(0).Force(0, Later, "drill", "ana");
        Health(1).Force(10, Later, "drill", "ana");

        Assert.Equal(0, Allocations.Least(() => Decide(1_000)));
        Assert.Equal((BreakerState.PartialOpen, BreakerState.Closed), (Health(1).State, Health(2).State));
    }

    /// <summary>One in ten fails, at the endpoint that takes everything and at the one that comes back: too few to trip.</summary>
    private void Decide(int times)
    {
        var (answered, failed) = (AttemptSignal.Answered(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), 60), AttemptSignal.Failed(FailureKind.UpstreamInternal, default));
        for (var i = 0; i < times; i++)
        {
            var selector = Selector();
            Assert.True(selector.TryNext(out var candidate, out var permit));
            candidate.Endpoint.Health.Return(permit, i % 11 == 0 ? failed : answered);
        }
    }

    private EndpointHealth Health(int candidate) => _edge.Route.Candidates[candidate].Endpoint.Health;

    private CandidateSelector Selector() => new(_edge.Route, Plain, VirtualClock.Start);

    private static CandidateReason[] Reasons(CandidateSelector selector)
    {
        var reasons = selector.Reasons;
        return [.. Enumerable.Range(0, 4).Select(i => reasons[i])];
    }

    private static ChatCall Call(CallerApi api = CallerApi.ChatCompletions, Capabilities needs = Capabilities.Text) =>
        new(() => new ChatRequest { Messages = [] }) { Feature = "f", Stream = false, Api = api, Needs = needs };

    private static Scenario Four()
    {
        Func<SimulatedProvider, double, Random, Reply> well = (_, _, _) => Reply.Answer(1, 1);
        return new Scenario { Story = Story.HerdOnRecovery, Seed = 1, Edges = 1, PerSecond = 1, Seconds = 1, Providers = [well, well, well, well] };
    }
}
