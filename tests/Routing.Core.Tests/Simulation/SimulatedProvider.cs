using Routing.Core.Llm;

namespace Routing.Core.Tests.Simulation;

/// <summary>How a provider answers one call, in seconds from the call's start.</summary>
/// <param name="FirstToken">Infinite when none ever comes.</param>
internal readonly record struct Reply(FailureKind? Failure, double FirstToken, double Duration, double? RetryAfter = null)
{
    public static Reply Answer(double firstToken, double rest) => new(null, firstToken, firstToken + rest);

    public static Reply Refusal(FailureKind kind, double after, double? retryAfter = null) => new(kind, double.PositiveInfinity, after, retryAfter);
}

/// <summary>One model endpoint's far side, which follows a script. Shared by every edge of a run.</summary>
/// <param name="script">The reply to a call begun this many seconds into the run.</param>
/// <param name="memory">For how many seconds it knows of a call.</param>
internal sealed class SimulatedProvider(Func<SimulatedProvider, double, Random, Reply> script, double memory)
{
    private readonly Queue<double> _recent = new();

    public int Calls { get; private set; }

    /// <summary>Calls begun within its memory, the newest included.</summary>
    public int Recent => _recent.Count;

    /// <summary>Of the newest call.</summary>
    public int PromptTokens { get; private set; }

    public Reply Ask(double at, int promptTokens, Random random)
    {
        PromptTokens = promptTokens;
        Calls++;
        _recent.Enqueue(at);
        while (_recent.Peek() < at - memory) _recent.Dequeue();
        return script(this, at, random);
    }
}
