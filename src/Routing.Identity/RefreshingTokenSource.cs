using Routing.Core.Credentials;

namespace Routing.Identity;

/// <summary>
/// Keeps one token fresh: exchanged once for all who wait, renewed in the background at 80 % of its life,
/// and used to its end when renewing fails. A token service's outage must not look like a model's.
/// </summary>
/// <param name="exchange">Gets a new token, or throws <see cref="CredentialException"/>.</param>
internal sealed class RefreshingTokenSource(Func<CancellationToken, Task<BearerCredential>> exchange, TimeProvider time) : ICloudTokenSource
{
    private const double RenewAt = 0.8;

    // A token ends a little early for us, so that it does not end on its way.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    // One attempt in this time while the token service refuses us: enough to notice its return, too few to make things worse.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    // A provider that refuses a token this young will refuse the next one too.
    private static readonly TimeSpan TooYoungToForget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile Held? _held;
    private Task<BearerCredential>? _running;
    private CredentialException? _lastFailure;
    private long _failedAt;

    public ValueTask<CloudCredential> GetAsync(CancellationToken cancellationToken)
    {
        var held = _held;
        if (held is null || Age(held) >= held.Life) return new ValueTask<CloudCredential>(WaitAsync(cancellationToken));
        if (Age(held) >= held.Life * RenewAt) RenewInBackground();
        return new ValueTask<CloudCredential>(held.Token);
    }

    public void Invalidate()
    {
        if (_held is { } held && Age(held) >= TooYoungToForget) _held = null;
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

    private Task<BearerCredential> Exchange()
    {
        lock (_lock)
        {
            if (_running is { } running) return running;
            return IsPausing_NeedsLock() ? Task.FromException<BearerCredential>(_lastFailure!) : Start_NeedsLock();
        }
    }

    private bool IsPausing_NeedsLock() => _lastFailure is not null && time.GetElapsedTime(_failedAt) < PauseAfterFailure;

    // On the pool: signing takes a millisecond or two of CPU, and the caller may be a socket's own thread.
    private Task<BearerCredential> Start_NeedsLock()
    {
        var running = Task.Run(RunAsync);
        _running = running;
        _ = running.ContinueWith(static t => _ = t.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    private async Task<BearerCredential> RunAsync()
    {
        using var limit = new CancellationTokenSource(ExchangeLimit, time);
        try
        {
            var token = await exchange(limit.Token).ConfigureAwait(false);
            var life = token.ExpiresAt - time.GetUtcNow() - Margin;
            if (life <= TimeSpan.Zero) throw new CredentialException($"The token service gave a token that ends at {token.ExpiresAt:O}, which is now or in the past. Check this machine's clock.");
            Settle(new Held(token, time.GetTimestamp(), life), null);
            return token;
        }
        catch (Exception e)
        {
            var failure = e as CredentialException ?? new CredentialException(Sentence(e, limit.IsCancellationRequested), e);
            Settle(null, failure);
            throw failure;
        }
    }

    private static string Sentence(Exception e, bool timedOut) => timedOut
        ? $"The token service did not answer within {ExchangeLimit.TotalSeconds:0} s."
        : $"The token service could not be asked ({e.GetType().Name}).";

    private void Settle(Held? held, CredentialException? failure)
    {
        lock (_lock)
        {
            if (held is not null) _held = held;
            _lastFailure = failure;
            _failedAt = time.GetTimestamp();
            _running = null;
        }
    }

    // By the monotonic clock: a stepped wall clock neither ends a good token nor keeps a dead one.
    private sealed record Held(BearerCredential Token, long Since, TimeSpan Life);
}
