using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Providers;
using Routing.Core.Tables;
using Routing.Core.Usage;

namespace Routing.Core.Dispatch;

/// <summary>One call to one model endpoint while it runs: what has been seen so far, and the record it becomes.</summary>
internal sealed class Attempt(Candidate candidate, Permit permit, AttemptCause cause, int number)
{
    // A rough rule for text in any language; only used where the provider's own figure never arrived, and flagged.
    private const int BytesPerToken = 4;

    // OpenAI's stream carries about one token per event, and an event is some 150 to 200 bytes of JSON around it.
    private const int WireBytesPerToken = 160;

    private bool _holdsPermit = true;
    private TimeSpan _callerWait;
    private TokenUsage _earlier;
    private long _sentBytes;
    private long _textBytes;
    private long _wireBytes;

    public Candidate Candidate { get; } = candidate;
    public ModelEndpoint Endpoint => Candidate.Endpoint;
    public Permit Permit { get; } = permit;
    public AttemptCause Cause { get; } = cause;
    public int Number { get; } = number;
    public long Started { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }
    public int HttpStatus { get; set; }
    public TimeSpan? FirstToken { get; private set; }
    public TimeSpan Duration { get; private set; }
    public TokenUsage Usage { get; private set; }
    public StopReason Stop { get; private set; }
    public string? RawStop { get; private set; }
    public string? ProviderRequestId { get; set; }
    public Failure? Failure { get; private set; }
    /// <summary>It ends well, and the provider's content filter has left nothing of it.</summary>
    public bool IsFilteredAway => Stop == StopReason.SafetyFiltered && FirstToken is null;
    public bool WasSent => _sentBytes > 0;

    /// <summary>A guess by length; the provider's own count is not there for every end, and one prompt must count alike however its call ends.</summary>
    private long SentTokens => (_sentBytes + BytesPerToken - 1) / BytesPerToken;

    public void Start(TimeProvider time)
    {
        Started = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
    }

    /// <summary>A round's body is written; what earlier rounds used stays.</summary>
    public void Sent(int bytes)
    {
        var (before, isFurther) = (SentTokens, WasSent);
        _sentBytes += bytes;
        _earlier = Usage;
        Endpoint.Health.CountUse(isFurther ? 1 : 0, SentTokens - before);
    }

    /// <summary>Takes note of what an upstream read completed. True when it holds the first content of the answer.</summary>
    public bool Observe(List<ChatEvent> events, TimeProvider time)
    {
        var first = false;
        foreach (var e in events)
        {
            switch (e.Kind)
            {
                case ChatEventKind.TextDelta or ChatEventKind.ReasoningDelta or ChatEventKind.ToolCallDelta: _textBytes += e.Utf8.Length; break;
                case ChatEventKind.Raw: _wireBytes += e.Utf8.Length; break;
                case ChatEventKind.Usage: Usage = e.Usage.Plus(_earlier); break;
                case ChatEventKind.Stopped: (Stop, RawStop) = (e.Stop, e.RawStop); break;
                case ChatEventKind.Failed: Failure = e.Failure; break;
            }

            first |= e.HasContent && FirstToken is null;
        }

        if (first) FirstToken = time.GetElapsedTime(Started);
        return first;
    }

    /// <summary>An answer that is filtered away becomes the refusal it is.</summary>
    public void Refuse() => Failure = Failure.Of(FailureKind.ContentBlocked, $"The provider's content filter left nothing of the answer ({StatusFailures.Short(RawStop ?? "without a reason")}).") with
    {
        HttpStatus = HttpStatus, RawCode = RawStop,
    };

    /// <summary>What it has read is nobody's any more.</summary>
    public void Lose() => Failure = HedgedRace.Overtaken;

    /// <summary>Ends the attempt, tells the breaker, and leaves an estimate where tokens may have been spent unseen.</summary>
    /// <param name="callerWait">How long the caller took to read; part of the attempt's duration, but nothing the endpoint can help.</param>
    /// <param name="keepsPermit">A retry follows with the same permit; <see cref="Settle"/> returns it when none did.</param>
    public void End(Failure? failure, TimeSpan callerWait, bool keepsPermit, TimeProvider time)
    {
        Failure = failure;
        Duration = time.GetElapsedTime(Started);
        _callerWait = callerWait;
        if (!IsCount && MayHaveSpent()) Usage = Completed(Usage);
        Endpoint.Health.CountUse(0, (IsCount ? 0 : Usage.InputTotal + Usage.OutputTotal) - SentTokens);
        if (!keepsPermit) Settle();
    }

    /// <summary>Tells the breaker how it ended and gives the permit back, unless that was done or a retry took it over.</summary>
    public void Settle()
    {
        if (!_holdsPermit) return;
        _holdsPermit = false;
        var kind = SaysNothingOfTheEndpoint() ? FailureKind.ClientCancelled : Failure?.Kind;
        Endpoint.Health.Return(Permit, new AttemptSignal(kind, Streamed ? FirstToken : null, Duration - _callerWait, Usage.OutputTotal, Failure?.RetryAfter)
        {
            IsWhole = !Streamed, PromptTokens = SentTokens,
            IsOvertaken = Cause != AttemptCause.Hedge && ReferenceEquals(Failure, HedgedRace.Overtaken),
        });
    }

    /// <summary>Its credential was refused, and a retry with a fresh one may have its permit.</summary>
    public bool IsRenewable => _holdsPermit && Failure?.Kind == FailureKind.Unauthenticated;

    /// <summary>For the retry on the same endpoint: what it ends with is what the breaker hears.</summary>
    public Permit PassPermit()
    {
        _holdsPermit = false;
        return Permit;
    }

    // Our own total limit while tokens were flowing, and a bug of ours.
    // A count is another service with its own permission, quota and speed: it says nothing of how the model answers, well or badly.
    // A copy's refused credential, permission or model name would isolate at one word of a call that nobody waits for and that is not tried again.
    private bool SaysNothingOfTheEndpoint() =>
        IsCount || IsBug || Failure?.IsOfRequest == true || (Failure?.Kind == FailureKind.DeadlineTotal && FirstToken is not null)
        || (Cause == AttemptCause.Shadow && Failure?.Rule.Health == HealthEffect.Config);

    public bool Streamed { get; init; }

    /// <summary>Our own code threw.</summary>
    public bool IsBug { get; set; }

    /// <summary>Only the request's tokens are counted.</summary>
    public bool IsCount { get; init; }

    public AttemptRecord ToRecord(PriceBook prices)
    {
        var price = Usage.Source == UsageSource.None ? null : prices.Find(Endpoint.Id, StartedAt);
        return new AttemptRecord
        {
            Number = Number,
            ModelEndpoint = Endpoint.Id,
            Cause = Cause,
            Outcome = Outcome(),
            Failure = Failure?.Kind,
            RawCode = Failure?.RawCode is { Length: > 100 } code ? code[..100] : Failure?.RawCode,
            HttpStatus = HttpStatus,
            StartedAt = StartedAt,
            FirstTokenMs = FirstToken is { } first ? Milliseconds(first) : null,
            DurationMs = Milliseconds(Duration),
            Streamed = Streamed,
            Breaker = Permit.State,
            Usage = Usage,
            Stop = Stop,
            RawStop = RawStop,
            CostMicros = Usage.Source == UsageSource.None ? 0 : price is null ? null : Cost.Of(Usage, price),
            Currency = price?.Currency,
            PriceFrom = price?.From,
            ProviderRequestId = ProviderRequestId,
        };
    }

    internal static int Milliseconds(TimeSpan span) => (int)Math.Min(span.TotalMilliseconds, int.MaxValue);

    private AttemptOutcome Outcome() => Failure?.Kind switch
    {
        null => AttemptOutcome.Answered,
        FailureKind.ClientCancelled => AttemptOutcome.Cancelled,
        _ when FirstToken is not null => AttemptOutcome.Interrupted,
        _ => AttemptOutcome.Failed,
    };

    // A refusal by status costs nothing; a call given up while the model may have been working does, and so do an answer that had begun and
    // one that broke, or could not be read, behind its 200.
    private bool MayHaveSpent() => FirstToken is not null || WasSent && Failure?.Kind switch
    {
        null or FailureKind.ClientCancelled or FailureKind.StreamInterrupted or FailureKind.DeadlineFirstToken or FailureKind.DeadlineTotal
            or FailureKind.ModelError => HttpStatus is 0 or 200,
        FailureKind.Transport or FailureKind.Unknown or FailureKind.ContentBlocked => HttpStatus == 200,
        _ => false,
    };

    // A figure reported on the way counts what was there by then: of an answer that did not end it is the least that was spent.
    private TokenUsage Completed(in TokenUsage told)
    {
        if (told.Source == UsageSource.None) return Estimate();
        if (told.Source == UsageSource.Reported && (Failure is null || Stop != StopReason.None)) return told;
        return told with { OutputTotal = Math.Max(told.OutputTotal, Estimate().OutputTotal), Source = UsageSource.Estimated };
    }

    /// <summary>By what has been seen so far.</summary>
    public TokenUsage Estimate() => new()
    {
        InputTotal = SentTokens,
        OutputTotal = FirstToken is null ? 0 : _textBytes / BytesPerToken + _wireBytes / WireBytesPerToken + 1,
        Source = UsageSource.Estimated,
    };
}
