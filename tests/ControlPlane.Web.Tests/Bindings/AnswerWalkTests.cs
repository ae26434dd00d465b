using System.Collections.Immutable;
using AngleSharp.Dom;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Tests.Ui;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Bindings;

public sealed class AnswerWalkTests
{
    [Fact]
    public void Of_PlainBinding_TellsOrderRefusalBreakAndEnd() => Assert.Equal(
        [
            "bedrock-nova within 1.50\u00A0s for the first token.",
            "If that fails, is open or is too slow: azure-gpt.",
            "What a content filter refuses goes to nobody else: the refusal is the answer.",
            "A streamed answer that breaks after its first words goes to nobody else: the caller gets the error.",
            "After 3 attempts or 120.0\u00A0s the caller gets the error.",
        ], Walk(Plane.Recap()), StringComparer.Ordinal);

    [Fact]
    public void Of_EverythingSet_TellsEachOfIt()
    {
        BindingForm form = Plane.Recap();
        (form.Residency, form.MaxCost, form.HedgePercent, form.FailOverOnContentFilter, form.Delivery, form.WarmPercent) = ("eu, ch", " 0.05 ", 2, true, DeliveryMode.Protected, 3);

        string[] told = Walk(form);

        Assert.Equal("Only those are asked that keep what they are sent in eu or ch.", told[0]);
        Assert.StartsWith("Nobody is asked for whom one attempt might cost more than 0.05;", told[1], StringComparison.Ordinal);
        Assert.Contains("3\u00A0% of the calls go to a backup first, to keep it warm.", told, StringComparer.Ordinal);
        Assert.Contains(told, t => t.Contains("goes to a second provider as well, and the first of both answers: 2\u00A0% of the calls at most", StringComparison.Ordinal));
        Assert.Contains("What a content filter refuses goes to the next of them; when all refuse, the caller hears the first.", told, StringComparer.Ordinal);
        Assert.Contains(told, t => t.StartsWith("A streamed answer that breaks before its end goes to the next of them", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_AShadow_IsNoStepAndGetsItsCopyAtTheEnd()
    {
        BindingForm form = Plane.Recap();
        (form.Candidates[1].Role, form.ShadowPercent) = (CandidateRole.Shadow, 5);

        string[] told = Walk(form);

        Assert.DoesNotContain(told[..^1], t => t.Contains("azure-gpt", StringComparison.Ordinal));
        Assert.Equal("Of 5\u00A0% of the answered calls azure-gpt then gets a copy, which costs what a call costs.", told[^1]);
    }

    [Fact]
    public async Task Of_NobodyCanContinue_IsWarnedOfAndNotPromised()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        BindingForm form = Plane.Recap();
        form.Delivery = DeliveryMode.Continued;

        ImmutableArray<SnapshotProblem> warnings = BindingWarnings.Of(form, await plane.Get<BindingStore>().DocumentAsync(default), plane.Get<AddressRules>(), "features[channel-recap]");

        SnapshotProblem warning = Assert.Single(warnings, w => w.Code == "nobody_to_continue");
        Assert.Equal(("features[channel-recap].delivery", ProblemSeverity.Warning), (warning.Path, warning.Severity));
        string[] told = [.. AnswerWalk.Of(form, c => c.ModelEndpoint, warnings)];
        Assert.Contains(told, t => t.EndsWith("where nobody can, the caller gets the error.", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => t.Contains("one answer of two models", StringComparison.Ordinal));
        Assert.Contains(Walk(form), t => t.Contains("one answer of two models", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NothingBound_SaysThatCallsAreRefused() => Assert.Equal("Nothing is bound: a call is refused. Add a candidate.", Assert.Single(Walk(new BindingForm())));

    [Theory]
    [InlineData(AffinityMode.None, CandidateRole.Primary, 0, "Each call is placed by itself.")]
    [InlineData(AffinityMode.None, CandidateRole.Experiment, 0, "there the same prompt_cache_key, safety_identifier or user stays on one side.")]
    [InlineData(AffinityMode.None, CandidateRole.Experiment, 1, "A call that keeps a backup warm leaves its place for once.")]
    [InlineData(AffinityMode.Key, CandidateRole.Primary, 1, "A call that keeps a backup warm leaves its place for once.")]
    [InlineData(AffinityMode.Cache, CandidateRole.Primary, 0, "five minutes at most without a call.")]
    public async Task ChoicePanel_WhatStaysTogether_IsToldWithItsExceptions(AffinityMode affinity, CandidateRole role, int warm, string ending)
    {
        BindingForm form = Plane.Recap();
        (form.Affinity, form.WarmPercent, form.Candidates[0].Role) = (affinity, warm, role);

        IElement panel = await Rendered.PartAsync<ChoicePanel>(("Form", form), ("ProblemOf", (Func<string, string?>)(_ => null)));

        Assert.EndsWith(ending, panel.QuerySelector("#affinity-about")!.TextContent, StringComparison.Ordinal);
    }

    private static string[] Walk(BindingForm form) => [.. AnswerWalk.Of(form, c => c.ModelEndpoint, [])];
}
