using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace Routing.Core.Tests.Dispatch;

/// <summary>A provider's content filter refuses: the caller is told, unless the feature would rather ask somebody else.</summary>
public sealed class ContentFilterTests
{
    private const string Role = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n";
    private const string Hello = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string Stop = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Filtered = "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n";
    private const string Usage = "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Whole = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""";
    private const string WholeFiltered = """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":11,"completion_tokens":0,"total_tokens":11}}""";
    private static readonly string[] Good = [Role, Hello, Stop, Usage, Done];
    private static readonly string[] Nothing = [Role, Filtered, Usage, Done];

    [Fact]
    public async Task Dispatch_PromptRefused_IsToldAndNotRoutedAround()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, Refusal("first"));
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.ContentBlocked, result.Failure!.Kind);
        Assert.Empty(backup.Requests);
    }

    [Theory]
    [InlineData(DeliveryMode.Immediate)]
    [InlineData(DeliveryMode.Protected)]
    public async Task Dispatch_PromptRefusedAndOthersMayBeAsked_IsAnsweredByTheNext(DeliveryMode delivery)
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, Refusal("first"));
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], f => FailingOver(f) with { Delivery = delivery });

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal((Role + Hello + Stop, "e2"), (bench.Answer.Text, result.Event.ServedBy));
        Assert.Equal((FailureKind.ContentBlocked, 0L), (result.Event.Attempts[0].Failure!.Value, result.Event.Attempts[0].CostMicros));
        Assert.Equal(AttemptCause.Failover, result.Event.Attempts[1].Cause);
        Assert.Equal((0, BreakerState.Closed), (bench.Health.Find("e1")!.View().Failed, bench.Health.Find("e1")!.State));
    }

    [Theory]
    [InlineData(DeliveryMode.Immediate)]
    [InlineData(DeliveryMode.Protected)]
    public async Task Dispatch_FilterLeftNothingOfAStream_IsAnsweredByTheNextAndTheFirstIsPaidFor(DeliveryMode delivery)
    {
        await using var primary = new ScriptedProvider().ThenStream(Nothing);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], f => FailingOver(f) with { Delivery = delivery });

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Stop, bench.Answer.Text);
        Assert.Equal("e2 after 2", Assert.Single(bench.Answer.Begun));
        var filtered = result.Event.Attempts[0];
        Assert.Equal((FailureKind.ContentBlocked, "content_filter", 200), (filtered.Failure!.Value, filtered.RawCode, filtered.HttpStatus));
        Assert.Equal((StopReason.SafetyFiltered, UsageSource.Reported, 17L), (filtered.Stop, filtered.Usage.Source, filtered.CostMicros));
    }

    [Fact]
    public async Task Dispatch_FilterLeftNothingOfAWholeAnswer_IsAnsweredByTheNext()
    {
        await using var primary = new ScriptedProvider().ThenAnswer(WholeFiltered);
        await using var backup = new ScriptedProvider().ThenAnswer(Whole);
        using var bench = new DispatchBench([primary, backup], FailingOver);

        var result = await bench.SendAsync(stream: false);

        Assert.Null(result.Failure);
        Assert.Equal((Whole, "e2"), (bench.Answer.Text, result.Event.ServedBy));
    }

    [Fact]
    public async Task Dispatch_AnotherWiresFilterLeftNothing_IsAnsweredByTheNext()
    {
        await using var primary = new ScriptedProvider().ThenStream(
        [
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":1}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        ]);
        await using var backup = new ScriptedProvider().ThenStream(Good);
        using var bench = new DispatchBench([primary, backup], FailingOver, primary: ProviderKind.Anthropic);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal((Role + Hello + Stop, "refusal"), (bench.Answer.Text, result.Event.Attempts[0].RawCode));
    }

    [Fact]
    public async Task Dispatch_FilterLeftNothingAndNobodyElseMayBeAsked_IsAnAnswer()
    {
        await using var primary = new ScriptedProvider().ThenStream(Nothing);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup]);

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Filtered, bench.Answer.Text);
        Assert.Empty(backup.Requests);
    }

    [Theory]
    [InlineData(DeliveryMode.Immediate)]
    [InlineData(DeliveryMode.Protected)]
    public async Task Dispatch_FilterCutTheAnswerShort_IsTheAnswerAsFarAsItGoes(DeliveryMode delivery)
    {
        await using var primary = new ScriptedProvider().ThenStream([Role, Hello, Filtered, Usage, Done]);
        await using var backup = new ScriptedProvider();
        using var bench = new DispatchBench([primary, backup], f => FailingOver(f) with { Delivery = delivery });

        var result = await bench.SendAsync();

        Assert.Null(result.Failure);
        Assert.Equal(Role + Hello + Filtered, bench.Answer.Text);
        Assert.Empty(backup.Requests);
    }

    [Fact]
    public async Task Dispatch_EveryFilterRefuses_TellsTheFirstOnesWord()
    {
        await using var first = new ScriptedProvider().ThenStatus(400, Refusal("first"));
        await using var second = new ScriptedProvider().ThenStream(Nothing);
        await using var third = new ScriptedProvider().ThenStatus(400, Refusal("third"));
        using var bench = new DispatchBench([first, second, third], FailingOver);

        var result = await bench.SendAsync();

        Assert.Equal((FailureKind.ContentBlocked, 400, "first"), (result.Failure!.Kind, result.Failure.HttpStatus, result.Failure.Said?.ForCaller()));
        Assert.Equal((false, true, 3), (result.Committed, result.IsFinal, result.Event.Attempts.Length));
    }

    [Fact]
    public async Task Dispatch_NextOneFailsAfterARefusal_TellsWhatMayPass()
    {
        await using var primary = new ScriptedProvider().ThenStatus(400, Refusal("first"));
        await using var backup = new ScriptedProvider().ThenStatus(500, "{}");
        using var bench = new DispatchBench([primary, backup], f => FailingOver(f) with { MaxAttempts = 2 });

        var result = await bench.SendAsync();

        Assert.Equal(FailureKind.UpstreamInternal, result.Failure!.Kind);
    }

    private static FeatureConfig FailingOver(FeatureConfig feature) => feature with { FailOverOnContentFilter = true };

    private static string Refusal(string said) => "{\"error\":{\"message\":\"" + said + "\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"content_policy_violation\"}}";
}
