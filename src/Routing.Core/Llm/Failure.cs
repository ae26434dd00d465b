namespace Routing.Core.Llm;

/// <summary>An expected failure, with everything needed to decide, to report and to explain it.</summary>
public sealed record Failure
{
    public required FailureKind Kind { get; init; }

    /// <summary>One sentence for people. Never contains prompt text or credentials.</summary>
    public required string Message { get; init; }

    /// <summary>HTTP status the provider answered with, or 0 when there was no answer.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The provider's own code or type as it wrote it, kept so that an unknown one stays visible as itself.</summary>
    public string? RawCode { get; init; }

    /// <summary>How long the provider asked us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Field of the caller's request the failure is about, if one is.</summary>
    public string? Param { get; init; }

    /// <summary>The provider blames this very request: whatever the kind, it says nothing of the endpoint's health.</summary>
    public bool IsOfRequest { get; init; }

    /// <summary>The provider's own words, where the mistake is the caller's; null elsewhere. They stand in the caller's error answer only.</summary>
    public ProviderSentence? Said { get; init; }

    public FailureRule Rule => FailureRules.Of(Kind);

    public static Failure Of(FailureKind kind, string message) => new() { Kind = kind, Message = message };
}
