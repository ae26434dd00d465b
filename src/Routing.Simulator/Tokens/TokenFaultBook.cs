using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tokens;

/// <summary>What a token service does wrong.</summary>
[JsonConverter(typeof(SnakeCaseConverter<TokenFaultKind>))]
public enum TokenFaultKind
{
    /// <summary>503.</summary>
    Down,

    /// <summary>TCP reset before any answer.</summary>
    Reset,

    /// <summary>Answers after <see cref="TokenFault.Ms"/>.</summary>
    Slow,

    /// <summary>Refuses the claims of a good token.</summary>
    RejectClaim,

    /// <summary>Calls a good token expired.</summary>
    Expired,

    /// <summary>Cannot reach the issuer to check the signature (only AWS has a word for it; elsewhere as <see cref="Down"/>).</summary>
    IssuerUnreachable,
}

/// <summary>A fault in force.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenFault
{
    public required TokenFaultKind Kind { get; init; }

    /// <summary>How many calls get it; null = no end.</summary>
    public int? Count { get; init; }
    public int Ms { get; init; } = 3_000;
}

/// <summary>What a service was asked since start.</summary>
public sealed record TokenServiceCalls(string Service, long Issued, long Refused, string? Fault);

/// <summary>Faults of the token services by name, and what each was asked.</summary>
public sealed class TokenFaultBook
{
    public const string AwsSts = "aws_sts";
    public const string GoogleSts = "google_sts";
    public const string IamCredentials = "iam_credentials";
    public const string Entra = "entra";
    public const string Metadata = "metadata";
    public static readonly IReadOnlyList<string> Services = [AwsSts, GoogleSts, IamCredentials, Entra, Metadata];

    private readonly ConcurrentDictionary<string, Entry> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Service, bool Issued), long> _calls = new();

    /// <summary>False when there is no such service.</summary>
    public bool Set(string service, TokenFault fault)
    {
        if (!Services.Contains(service, StringComparer.Ordinal)) return false;
        _faults[service] = new Entry(fault);
        return true;
    }

    public bool Remove(string service) => _faults.TryRemove(service, out _);

    public IReadOnlyList<TokenServiceCalls> Calls() =>
    [
        .. Services.Select(s => new TokenServiceCalls(s, _calls.GetValueOrDefault((s, true)), _calls.GetValueOrDefault((s, false)),
            _faults.TryGetValue(s, out var entry) ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Fault.Kind.ToString()) : null)),
    ];

    internal TokenFault? Strike(string service) => _faults.TryGetValue(service, out var entry) && entry.Takes() ? entry.Fault : null;

    internal void Count(string service, bool issued) => _calls.AddOrUpdate((service, issued), 1, static (_, n) => n + 1);

    private sealed class Entry(TokenFault fault)
    {
        private int _struck;

        public TokenFault Fault => fault;

        public bool Takes() => fault.Count is not { } count || Interlocked.Increment(ref _struck) <= count;
    }
}
