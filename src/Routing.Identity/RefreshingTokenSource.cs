using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Identity.Exchanges;

namespace Routing.Identity;

/// <summary>
/// Keeps one credential fresh: exchanged once for all who wait, renewed in the background before 80 % of its life are over,
/// and used to its end when renewing fails. A token service's outage must not look like a model's, so it has a health of its own.
/// </summary>
/// <param name="seed">Of the jitter; edges need different ones, else all of them ask at the same moment.</param>
internal sealed class RefreshingTokenSource(ICredentialExchange exchange, TimeProvider time, int seed) : ICloudTokenSource
{
    private const double RenewAt = 0.8;
    private const double Jitter = 0.05;

    // A token ends a little early for us, so that it does not end on its way; a short-lived one by a tenth of its life.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private const int MarginShare = 10;

    // One attempt in this time while the token service refuses us: enough to notice its return, too few to make things worse.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    // A provider that refuses a token this young will refuse the next one too.
    private static readonly TimeSpan TooYoungToForget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile Held? _held;
    private readonly Random _random = new(seed);
    private Task<CloudCredential>? _running;
    private CredentialException? _lastFailure;
    private long _failedAt;
    private IdentityState _state;
    private DateTimeOffset _since = time.GetUtcNow();
    private long _exchanges;
    private long _failures;
    private int _failuresInARow;

    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken)
    {
        var held = _held;
        if (held is null || !IsAlive(held)) return new ValueTask<CloudCredential>(WaitAsync(cancellationToken));
        if (Age(held) >= held.RenewAfter) RenewInBackground();
        return new ValueTask<CloudCredential>(held.Credential);
    }

    public void Invalidate()
    {
        if (_held is { } held && Age(held) >= TooYoungToForget) _held = null;
    }

    public IdentityHealthView View(string account)
    {
        lock (_lock)
        {
            Judge_NeedsLock();
            var alive = _held is { } held && IsAlive(held) ? held : null;
            return new IdentityHealthView
            {
                Account = account,
                State = _state,
                Since = _since,
                ExpiresAt = alive?.ExpiresAt,
                RenewsAt = alive is null ? null : time.GetUtcNow() + (alive.RenewAfter - Age(alive)),
                Step = _lastFailure?.Step,
                Sentence = _lastFailure is { } failure ? IdentitySentences.Of(_state, failure, _held?.ExpiresAt) : "",
                Exchanges = _exchanges,
                Failures = _failures,
                FailuresInARow = _failuresInARow,
            };
        }
    }

    private bool IsAlive(Held held) => Age(held) < held.Life;

    // Time alone may end the last good credential.
    private void Judge_NeedsLock()
    {
        var alive = _held is { } held && IsAlive(held);
        var state = (alive, _lastFailure) switch
        {
            (true, null) => IdentityState.Good,
            (true, _) => IdentityState.LastGood,
            (false, null) => IdentityState.Unknown,
            _ => IdentityState.Fault,
        };
        if (state == _state) return;
        (_state, _since) = (state, time.GetUtcNow());
    }

    private TimeSpan Age(Held held) => time.GetElapsedTime(held.Since);

    private async Task<CloudCredential> WaitAsync(CancellationToken cancellationToken) =>
        await Exchange().WaitAsync(cancellationToken).ConfigureAwait(false);

    private void RenewInBackground()
    {
        lock (_lock)
        {
            if (_running is null && !IsPausing_NeedsLock()) _ = Start_NeedsLock();
        }
    }

    private Task<CloudCredential> Exchange()
    {
        lock (_lock)
        {
            if (_running is { } running) return running;
            return IsPausing_NeedsLock() ? Task.FromException<CloudCredential>(_lastFailure!) : Start_NeedsLock();
        }
    }

    private bool IsPausing_NeedsLock() => _lastFailure is not null && time.GetElapsedTime(_failedAt) < PauseAfterFailure;

    // On the pool: signing takes a millisecond or two of CPU, and the caller may be a socket's own thread.
    private Task<CloudCredential> Start_NeedsLock()
    {
        var running = Task.Run(RunAsync);
        _running = running;
        _ = running.ContinueWith(static t => _ = t.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    private async Task<CloudCredential> RunAsync()
    {
        using var limit = new CancellationTokenSource(ExchangeLimit, time);
        try
        {
            var issued = await exchange.RunAsync(null, limit.Token).ConfigureAwait(false);
            var left = issued.ExpiresAt - time.GetUtcNow();
            if (left <= TimeSpan.Zero) throw new CredentialException($"The token service gave a token that ends at {issued.ExpiresAt.Spelled()}, which is now or in the past.") { Advice = "Check this machine's clock." };
            Settle(Hold(issued, left), null);
            return issued.Credential;
        }
        catch (Exception e)
        {
            var failure = e as CredentialException ?? new CredentialException(Sentence(e, limit.IsCancellationRequested), e);
            Settle(null, failure);
            throw failure;
        }
    }

    private Held Hold(Issued issued, TimeSpan left)
    {
        var life = left - (left / MarginShare < Margin ? left / MarginShare : Margin);
        lock (_lock) return new Held(issued.Credential, issued.ExpiresAt, time.GetTimestamp(), life, life * (RenewAt - (Jitter * _random.NextDouble())));
    }

    private static string Sentence(Exception e, bool timedOut) => timedOut
        ? $"The token service did not answer within {ExchangeLimit.TotalSeconds:0} s."
        : $"The token service could not be asked ({e.GetType().Name}).";

    private void Settle(Held? held, CredentialException? failure)
    {
        lock (_lock)
        {
            _exchanges++;
            if (failure is not null) _failures++;
            _failuresInARow = failure is null ? 0 : _failuresInARow + 1;
            if (held is not null) _held = held;
            _lastFailure = failure;
            _failedAt = time.GetTimestamp();
            _running = null;
            Judge_NeedsLock();
        }
    }

    // By the monotonic clock: a stepped wall clock neither ends a good token nor keeps a dead one.
    private sealed record Held(CloudCredential Credential, DateTimeOffset ExpiresAt, long Since, TimeSpan Life, TimeSpan RenewAfter);
}
