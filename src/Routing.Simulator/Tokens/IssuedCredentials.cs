using System.Collections.Concurrent;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Tokens;

/// <summary>Where a bearer token is good.</summary>
internal enum TokenUse { GoogleFederated, GoogleAccess, Azure }

/// <summary>Everything the token services gave out, for the clouds' doors to know again until it ends.</summary>
internal sealed class IssuedCredentials(SimulatorIds ids, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (AwsKey Key, string Arn, DateTimeOffset Until)> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (TokenUse Use, string Principal, string Region, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);

    public AwsKey Session(string arn, DateTimeOffset until)
    {
        Forget();
        var random = ids.NextRandom();
        var key = new AwsKey
        {
            Id = SimulatorIds.Letters(ref random, "ASIA", 16).ToUpperInvariant(), Secret = SimulatorIds.Letters(ref random, "", 40), SessionToken = SimulatorIds.Letters(ref random, "IQoJ", 300),
        };
        _sessions[key.Id] = (key, arn, until);
        return key;
    }

    public string Token(TokenUse use, string principal, string region, DateTimeOffset until)
    {
        Forget();
        var random = ids.NextRandom();
        var token = SimulatorIds.Letters(ref random, use == TokenUse.Azure ? "eyJsim." : "ya29.sim-", 60);
        _tokens[token] = (use, principal, region, until);
        return token;
    }

    /// <summary>The temporary key of the id and its role session; null when it is unknown or over.</summary>
    public (AwsKey Key, string Arn)? SessionOf(string keyId) =>
        _sessions.TryGetValue(keyId, out var session) && session.Until > time.GetUtcNow() ? (session.Key, session.Arn) : null;

    /// <summary>Who holds the token, when it is good there and not over.</summary>
    public (string Principal, string Region)? HolderOf(string token, TokenUse use) =>
        _tokens.TryGetValue(token, out var issued) && issued.Use == use && issued.Until > time.GetUtcNow() ? (issued.Principal, issued.Region) : null;

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var (id, session) in _sessions) if (session.Until <= now) _sessions.TryRemove(id, out _);
        foreach (var (token, issued) in _tokens) if (issued.Until <= now) _tokens.TryRemove(token, out _);
    }
}
