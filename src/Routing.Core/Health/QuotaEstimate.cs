namespace Routing.Core.Health;

/// <summary>Our quota at a model endpoint, for all edges together; 0 = not known.</summary>
public readonly record struct QuotaLimits(int RequestsPerMinute, int TokensPerMinute);

/// <summary>
/// What is left of our quota, where the provider's answers do not tell: a bucket of requests and one of tokens. Of <c>N</c> edges each has its
/// <c>N</c>th part. Lock-free.
/// </summary>
internal sealed class QuotaEstimate(SharedHealth shared)
{
    private readonly QuotaBucket _requests = new(shared), _tokens = new(shared);

    /// <summary>How long until there is something left of both; zero when there is.</summary>
    public TimeSpan Left
    {
        get
        {
            if (!_requests.IsKnown && !_tokens.IsKnown) return TimeSpan.Zero;
            var now = shared.Time.GetTimestamp();
            var wait = Math.Max(_requests.Missing(now), _tokens.Missing(now));
            return wait == 0 ? TimeSpan.Zero : shared.Time.GetElapsedTime(now, now + wait);
        }
    }

    public void Apply(QuotaLimits limits)
    {
        _requests.PerMinute = limits.RequestsPerMinute;
        _tokens.PerMinute = limits.TokensPerMinute;
    }

    /// <param name="tokens">Negative when fewer were used than had been taken.</param>
    public void Take(int requests, long tokens)
    {
        if (!_requests.IsKnown && !_tokens.IsKnown) return;
        var now = shared.Time.GetTimestamp();
        _requests.Take(now, requests);
        _tokens.Take(now, tokens);
    }
}
