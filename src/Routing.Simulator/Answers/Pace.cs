namespace Routing.Simulator.Answers;

/// <summary>When the tokens of one call are due: seeded, scaled by <see cref="SimulatorOptions.Speed"/>, slept through <see cref="TimeProvider"/>.</summary>
internal sealed class Pace(TimeSpan firstToken, TimeSpan perToken, TimeProvider time)
{
    // Below this a timer costs more than it delays; the debt is carried to the next token.
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(4);
    private TimeSpan _debt;

    public bool IsInstant => firstToken == TimeSpan.Zero && perToken == TimeSpan.Zero;

    public static Pace Draw(ModelBehaviour behaviour, double speed, StableRandom random, TimeProvider time)
    {
        if (speed <= 0) return new Pace(TimeSpan.Zero, TimeSpan.Zero, time);
        var first = behaviour.FirstTokenMs * Math.Exp(behaviour.FirstTokenSigma * random.Normal());
        var each = behaviour.TokensPerSecond > 0 ? 1000 / behaviour.TokensPerSecond : 0;
        return new Pace(TimeSpan.FromMilliseconds(first / speed), TimeSpan.FromMilliseconds(each / speed), time);
    }

    /// <summary>The same call with parts replaced by what a fault says; those times are meant as written and are not scaled.</summary>
    public Pace With(TimeSpan? first, TimeSpan? each) => new(first ?? firstToken, each ?? perToken, time);

    public ValueTask UntilFirstTokenAsync(CancellationToken ct) =>
        firstToken == TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(firstToken, time, ct));

    /// <summary>Waits for the next token; true when it really slept, so that what was written should be flushed first.</summary>
    public bool MustSleep(out TimeSpan sleep)
    {
        sleep = _debt += perToken;
        if (_debt < ShortestSleep) return false;
        _debt = TimeSpan.Zero;
        return true;
    }

    public Task SleepAsync(TimeSpan sleep, CancellationToken ct) => Task.Delay(sleep, time, ct);

    /// <summary>The whole of a unary call: first token and all that follow.</summary>
    public ValueTask UntilWholeAnswerAsync(int tokens, CancellationToken ct)
    {
        var whole = firstToken + (perToken * Math.Max(0, tokens - 1));
        return whole == TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(whole, time, ct));
    }
}
