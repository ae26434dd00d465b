using AngleSharp.Dom;
using ControlPlane.Web.Requests;
using ControlPlane.Web.Tests.Ui;
using ControlPlane.Web.Ui;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Requests;

public sealed class RequestPartsTests
{
    [Fact]
    public async Task Waterfall_FailoverOfAStream_DrawsEachAttemptWhereItWasAndSaysSo()
    {
        IElement panel = await Rendered.PartAsync<AttemptWaterfall>(("Request", FailedOver()));

        IElement[] drawings = [.. panel.QuerySelectorAll("svg[role=img]")];
        Assert.Equal($"Attempt 1, Nova: starts at 0{Format.Nbsp}ms, ends at 500{Format.Nbsp}ms, upstream internal", drawings[0].GetAttribute("aria-label"));
        Assert.Equal($"Attempt 2, GPT: starts at 500{Format.Nbsp}ms, first token 100{Format.Nbsp}ms later, ends at 1.00{Format.Nbsp}s, complete", drawings[1].GetAttribute("aria-label"));
        Assert.Equal(("0", "300"), (Bar(drawings[0], "f-open").GetAttribute("x"), Bar(drawings[0], "f-open").GetAttribute("width")));
        Assert.Equal(("300", "60"), (Bar(drawings[1], "f2").GetAttribute("x"), Bar(drawings[1], "f2").GetAttribute("width")));
        Assert.Equal(("360", "240"), (Bar(drawings[1], "f3").GetAttribute("x"), Bar(drawings[1], "f3").GetAttribute("width")));
        Assert.Equal(("360", "240"), (Bar(drawings[2], "f1").GetAttribute("x"), Bar(drawings[2], "f1").GetAttribute("width")));
    }

    [Theory]
    [InlineData(RequestOutcome.Answered, null, AttemptCause.Failover, "Answered after failover")]
    [InlineData(RequestOutcome.Answered, null, AttemptCause.Retry, "Answered after a retry")]
    [InlineData(RequestOutcome.Answered, null, null, "Answered")]
    [InlineData(RequestOutcome.Answered, null, AttemptCause.Hedge, "Answered, two were asked")]
    [InlineData(RequestOutcome.Answered, null, AttemptCause.Continuation, "Answered, continued after a break")]
    [InlineData(RequestOutcome.Failed, FailureKind.RateLimited, null, "Failed: rate limited")]
    [InlineData(RequestOutcome.Interrupted, FailureKind.StreamInterrupted, null, "Broke off: stream interrupted")]
    [InlineData(RequestOutcome.Cancelled, FailureKind.ClientCancelled, null, "Caller went away")]
    public async Task Outcome_Each_IsAWordBesideItsIcon(RequestOutcome outcome, FailureKind? failure, AttemptCause? after, string expected)
    {
        IElement text = await Rendered.PartAsync<OutcomeText>(("Outcome", outcome), ("Failure", failure), ("After", after));

        Assert.Equal(expected, text.TextContent);
        Assert.NotNull(text.QuerySelector("svg"));
    }

    [Fact]
    public void Verdict_NobodyAsked_SaysSoAndWhoseItIs()
    {
        RequestView request = FailedOver() with
        {
            Outcome = RequestOutcome.Failed, Failure = FailureKind.NoEligibleEndpoint, ServedBy = "", Attempts = [], Streamed = false,
            Candidates = [new CandidateView("e1", "Nova", "", BreakerView.Quota(1), CandidateReason.QuotaClosed, "Not eligible", "It had our quota used up.", false)],
        };

        var verdict = RequestVerdict.Of(request);

        Assert.Equal(("Nova had our quota used up; the caller got an error.", "quota"), (verdict.Sentence, verdict.Cause));
        Assert.EndsWith("No provider was called.", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_RefusedForItsBudget_SaysSoAndThatItIsOurs()
    {
        RequestView request = FailedOver() with
        {
            Outcome = RequestOutcome.Failed, Failure = FailureKind.BudgetExceeded, ServedBy = "", Attempts = [], Streamed = false,
            Candidates = [new CandidateView("e1", "Nova", "", null, CandidateReason.NotReached, "Not reached", "The request ended before its turn.", false)],
        };
        var verdict = RequestVerdict.Of(request);
        Assert.Equal(("The feature had no budget left for the month, so nobody was asked; the caller got an error.", "ours"), (verdict.Sentence, verdict.Cause));
    }

    [Fact]
    public void Verdict_FailoverOfAStream_TellsTheTimesApart()
    {
        var verdict = RequestVerdict.Of(FailedOver());

        Assert.Contains($"first token after 600{Format.Nbsp}ms", verdict.Detail, StringComparison.Ordinal);
        Assert.Contains($"500{Format.Nbsp}ms went into attempts that failed", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_AskedBesideASlowOne_SaysWhoWasSlowerAndCountsTheTimeOfBothOnce()
    {
        RequestView request = FailedOver() with
        {
            Attempts =
            [
                new AttemptView { Number = 1, ModelEndpoint = "e1", Name = "Nova", Outcome = AttemptOutcome.Cancelled, IsOvertaken = true, Failure = FailureKind.ClientCancelled, DurationMs = 600 },
                new AttemptView { Number = 2, ModelEndpoint = "e2", Name = "GPT", Cause = AttemptCause.Hedge, OffsetMs = 400, FirstTokenMs = 200, DurationMs = 590 },
            ],
            Candidates =
            [
                new CandidateView("e1", "Nova", "", null, CandidateReason.Admitted, "Overtaken", "", false),
                new CandidateView("e2", "GPT", "", null, CandidateReason.Admitted, "Answered", "", true),
            ],
        };

        var verdict = RequestVerdict.Of(request);

        Assert.Equal(("Nova was slower than the one asked beside it, so GPT answered.", null), (verdict.Sentence, verdict.Cause));
        Assert.EndsWith($"at the edge, it spent 10{Format.Nbsp}ms.", verdict.Detail, StringComparison.Ordinal);
        Assert.Equal(AttemptCause.Hedge, request.After);
        Assert.Equal("stopped, the other was first", AttemptWaterfall.Ended(request.Attempts[0]));
    }

    [Theory]
    [InlineData(RequestOutcome.Answered, "e2", "Nova broke off its answer; GPT went on from what the caller had.")]
    [InlineData(RequestOutcome.Interrupted, "e1", "Nova broke off its answer after the caller had read part of the answer.")]
    public void Verdict_BrokeOff_SaysWhoWentOnOrWhatBrokeIt(RequestOutcome outcome, string servedBy, string sentence)
    {
        var isAnswered = outcome == RequestOutcome.Answered;
        RequestView request = FailedOver() with
        {
            Outcome = outcome, ServedBy = servedBy, Failure = isAnswered ? null : FailureKind.StreamInterrupted,
            Attempts =
            [
                new AttemptView { Number = 1, ModelEndpoint = "e1", Name = "Nova", Outcome = AttemptOutcome.Interrupted, Failure = FailureKind.StreamInterrupted, DurationMs = 500 },
                new AttemptView
                {
                    Number = 2, ModelEndpoint = "e2", Name = "GPT", Cause = AttemptCause.Continuation, OffsetMs = 500, DurationMs = 500,
                    Outcome = isAnswered ? AttemptOutcome.Answered : AttemptOutcome.Failed, Failure = isAnswered ? null : FailureKind.InvalidRequest,
                },
            ],
            Candidates =
            [
                new CandidateView("e1", "Nova", "", null, CandidateReason.Admitted, "Broke off", "", false),
                new CandidateView("e2", "GPT", "", null, CandidateReason.Admitted, isAnswered ? "Answered" : "Tried, failed", "", isAnswered),
            ],
        };

        var verdict = RequestVerdict.Of(request);

        Assert.Equal((sentence, "provider"), (verdict.Sentence, verdict.Cause));
        Assert.Equal(AttemptCause.Continuation, request.After);
    }

    [Fact]
    public void FailureWords_EveryKind_HasAClauseAndAnOwner() =>
        Assert.All(Enum.GetValues<FailureKind>(), kind =>
        {
            Assert.NotEqual("failed", FailureWords.Of(kind));
            Assert.Contains(FailureWords.Owner(kind), new[] { "ours", "provider", "quota", "credentials", "caller", "unknown" });
        });

    [Fact]
    public void ReasonWords_EveryReason_HasAClause() =>
        Assert.All(Enum.GetValues<CandidateReason>(), reason => Assert.NotEqual("was passed over", ReasonWords.Of(reason)));

    private static IElement Bar(IElement drawing, string css) => Assert.Single(drawing.QuerySelectorAll($"rect.{css}"));

    private static RequestView FailedOver() => new()
    {
        Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), At = DateTimeOffset.UnixEpoch, Edge = "use1-a", Caller = "web", Feature = "f", Streamed = true, ServedBy = "e2", FirstTokenMs = 600, TotalMs = 1000,
        Attempts =
        [
            new AttemptView { Number = 1, ModelEndpoint = "e1", Name = "Nova", Outcome = AttemptOutcome.Failed, Failure = FailureKind.UpstreamInternal, DurationMs = 500 },
            new AttemptView { Number = 2, ModelEndpoint = "e2", Name = "GPT", Cause = AttemptCause.Failover, OffsetMs = 500, FirstTokenMs = 100, DurationMs = 500 },
        ],
    };
}
