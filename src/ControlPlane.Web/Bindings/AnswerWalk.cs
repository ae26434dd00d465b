using System.Collections.Immutable;
using ControlPlane.Web.Ui;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>What will happen to a call of a binding that is being edited, step by step. Pure.</summary>
internal static class AnswerWalk
{
    private static readonly Dictionary<SelectionStrategy, string> Asked = new()
    {
        [SelectionStrategy.Fastest] = "the fastest to the first token lately",
        [SelectionStrategy.Cheapest] = "the cheapest for a call of its size",
        [SelectionStrategy.Balanced] = "the best by speed and price",
    };

    public static IEnumerable<string> Of(BindingForm form, Func<CandidateForm, string> titleOf, IReadOnlyCollection<SnapshotProblem> warnings)
    {
        CandidateForm[] answering = [.. form.Candidates.Where(c => !c.IsShadow)];
        return answering.Length == 0 ? ["Nothing is bound: a call is refused. Add a candidate."] : [.. Bounds(form), .. Order(form, answering, titleOf), .. Rescue(form, warnings.Any(w => w.Code is "nobody_to_continue" or "nobody_to_rescue")), .. Copies(form, titleOf), .. Budget(form)];
    }

    /// <summary>Who is not asked at all.</summary>
    private static IEnumerable<string> Bounds(BindingForm form)
    {
        ImmutableArray<string> residency = BindingChoices.Tags(form.Residency);
        if (!residency.IsEmpty) yield return $"Only those are asked that keep what they are sent in {string.Join(" or ", residency)}.";
        if (form.MaxCost.Trim() is { Length: > 0 } most)
            yield return $"Nobody is asked for whom one attempt might cost more than {most}; where the caller sets no limit of the answer, the model endpoint's is sent.";
    }

    private static IEnumerable<string> Order(BindingForm form, CandidateForm[] answering, Func<CandidateForm, string> titleOf)
    {
        foreach (IGrouping<int, CandidateForm> tier in answering.GroupBy(c => c.Tier).OrderBy(t => t.Key))
        {
            string names = string.Join(", ", tier.Select(c => tier.Count() == 1 || form.Selection != SelectionStrategy.Weighted ? titleOf(c) : $"{titleOf(c)} ({c.Weight}{Format.Nbsp}%)"));
            yield return tier.Key == answering.Min(c => c.Tier)
                ? $"{names} within {Format.Latency(form.FirstTokenMs)} for the first token."
                : $"If that fails, is open or is too slow: {names}.";
        }
        if (form.Selection != SelectionStrategy.Weighted && answering.GroupBy(c => c.Tier).Any(t => t.Count() > 1)) yield return $"Of one tier {Asked[form.Selection]} is asked first.";
        if (form.WarmPercent > 0) yield return $"{form.WarmPercent}{Format.Nbsp}% of the calls go to a backup first, to keep it warm.";
    }

    /// <param name="alone">By the edges' own validator there is somebody whose broken answer nobody takes up.</param>
    private static IEnumerable<string> Rescue(BindingForm form, bool alone)
    {
        if (form.HedgePercent > 0)
            yield return $"A call slower than 95{Format.Nbsp}% of the first one's answers goes to a second provider as well, and the first of both answers: {form.HedgePercent}{Format.Nbsp}% of the calls at most, none with tools.";
        yield return form.FailOverOnContentFilter
            ? "What a content filter refuses goes to the next of them; when all refuse, the caller hears the first."
            : "What a content filter refuses goes to nobody else: the refusal is the answer.";
        yield return form.Delivery switch
        {
            DeliveryMode.Protected when alone => "A streamed answer is held back until its end, but nobody is there to answer instead of one that breaks: the caller gets the error.",
            DeliveryMode.Continued when alone => "A streamed text that breaks after its first words is to be continued, but not for each of those asked first is there another one that can: where nobody can, the caller gets the error.",
            DeliveryMode.Protected => "A streamed answer that breaks before its end goes to the next of them, unseen; the caller gets it whole, at its end.",
            DeliveryMode.Continued => "A streamed text that breaks after its first words is continued by the next of them that can; the caller gets one answer of two models.",
            _ => "A streamed answer that breaks after its first words goes to nobody else: the caller gets the error.",
        };
        yield return $"After {form.MaxAttempts} {(form.MaxAttempts == 1 ? "attempt" : "attempts")} or {Format.Latency(form.TotalMs)} the caller gets the error.";
    }

    private static IEnumerable<string> Copies(BindingForm form, Func<CandidateForm, string> titleOf)
    {
        CandidateForm[] shadows = [.. form.Candidates.Where(c => c.IsShadow)];
        if (form.ShadowPercent > 0 && shadows.Length > 0)
            yield return $"Of {form.ShadowPercent}{Format.Nbsp}% of the answered calls {string.Join(" and ", shadows.Select(titleOf))} then gets a copy, which costs what a call costs.";
    }

    private static IEnumerable<string> Budget(BindingForm form)
    {
        if (form.Budget.Trim() is { Length: > 0 } amount && form.BudgetAction == BudgetAction.Stop)
            yield return $"Once all calls of a month cost {amount}{Format.Nbsp}{form.BudgetCurrency}, further ones are refused until the next month.";
    }
}
