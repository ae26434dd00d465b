using Routing.Core.Snapshots;

namespace Routing.Core.Health;

/// <summary>What tripped a breaker by its baseline, in ms.</summary>
internal readonly record struct LateFirstToken(int P90, int Usual, int Limit, int Samples, int Size);

/// <summary>How late the first token is compared with what is usual for prompts of that size.</summary>
internal sealed partial class HealthBreaker
{
    // The caches of an endpoint that comes back are cold, and it has few calls to warm them with: up to this share it may take twice its limit.
    // From there on it is held to the limit itself, else one that is as slow as before would come back whole only to trip again.
    private const int ColdSharePercent = 10;

    private static readonly TimeSpan BaselineSlot = TimeSpan.FromMinutes(5);

    /// <summary>By <see cref="PromptSizes"/>; there from the first answer to such a prompt on.</summary>
    private readonly SizeLatency?[] _bySize = new SizeLatency?[PromptSizes.Count];
    private long _unwell;
    private long _unwellSince;

    private sealed record SizeLatency(LatencyWindow Recent, LatencyBaseline Usual);

    private void CountFirstToken_NeedsLock(long now, in AttemptSignal signal, long milliseconds, bool isOfNow)
    {
        if (_policy.FirstTokenBaselinePercent == 0) return;
        var size = _bySize[PromptSizes.Of(signal.PromptTokens)] ??= new(new LatencyWindow(SlotTicks(_policy)), new LatencyBaseline(Clock.Ticks(_time, BaselineSlot)));
        size.Recent.Add(now, milliseconds);
        if (State == BreakerState.Closed && isOfNow) size.Usual.Add(now - _unwell, milliseconds);
    }

    private void RenewRecent_NeedsLock(BreakerPolicyConfig policy)
    {
        for (var i = 0; i < _bySize.Length; i++)
        {
            if (_bySize[i] is { } size) _bySize[i] = size with { Recent = new LatencyWindow(SlotTicks(policy)) };
        }
    }

    private LateFirstToken? LaterThanUsual_NeedsLock(long now, in AttemptSignal signal)
    {
        var size = PromptSizes.Of(signal.PromptTokens);
        if (BaselineLimit_NeedsLock(signal) is not (> 0 and var limit) || _bySize[size] is not { } latency) return null;
        var recent = latency.Recent.At(now);
        // The p90 of fifty is somewhere between p82 and p98, and it is looked at with each answer: here more than a tenth must surely be late.
        if (recent.Count < _policy.MinimumLatencySamples || Wilson.LowerBound(recent.CountAbove(limit), recent.Count) <= 0.1) return null;
        return new LateFirstToken(recent.P90 ?? 0, latency.Usual.P90Ms, limit, (int)recent.Count, size);
    }

    /// <summary>In ms, for prompts of that size; 0 = not judged, as in the first half hour.</summary>
    private int BaselineLimit_NeedsLock(in AttemptSignal signal) => _policy.FirstTokenBaselinePercent == 0 ? 0
        : (int)Math.Min((_bySize[PromptSizes.Of(signal.PromptTokens)]?.Usual.P90Ms ?? 0) * (long)_policy.FirstTokenBaselinePercent / 100, int.MaxValue);

    /// <summary>The first token's limit for one answer, in ms; 0 = none.</summary>
    private int FirstTokenLimit_NeedsLock(in AttemptSignal signal)
    {
        var (absolute, baseline) = (_policy.FirstTokenP90Ms, BaselineLimit_NeedsLock(signal));
        if (State == BreakerState.PartialOpen && Share(_stage) <= ColdSharePercent) baseline = (int)Math.Min(baseline * 2L, int.MaxValue);
        if (absolute == 0 || baseline == 0) return Math.Max(absolute, baseline);
        return Math.Min(absolute, baseline);
    }

    /// <summary>What is usual is learned while Closed only, and not from the minutes that ended it.</summary>
    private void FreezeBaselines_NeedsLock(long now, BreakerState to)
    {
        if ((State == BreakerState.Closed) == (to == BreakerState.Closed)) return;
        if (to == BreakerState.Closed) _unwell += now - _unwellSince;
        _unwellSince = now;
        foreach (var size in _bySize)
        {
            if (to == BreakerState.Closed) size?.Recent.Clear();
            else size?.Usual.DropCurrent();
        }
    }
}
