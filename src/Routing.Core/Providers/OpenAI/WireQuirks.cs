using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>The member in which a host wants the limit of output tokens.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<MaxTokensField>))]
public enum MaxTokensField : byte { MaxCompletionTokens, MaxTokens }

/// <summary>The member in which a host wants the seed.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SeedField>))]
public enum SeedField : byte { Seed, RandomSeed }

/// <summary>The role in which a host wants instructions.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<InstructionRole>))]
public enum InstructionRole : byte
{
    /// <summary>As the caller wrote it; <c>system</c> for callers of another API.</summary>
    AsSent,
    System,
    Developer,
}

/// <summary>The member in which a host takes earlier reasoning back.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ReasoningField>))]
public enum ReasoningField : byte { None, ReasoningContent, Reasoning }

/// <summary>How a host is told to continue an assistant's turn instead of beginning one.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PrefillMode>))]
public enum PrefillMode : byte
{
    /// <summary>It cannot be told.</summary>
    None,

    /// <summary><c>prefix: true</c> in the last message.</summary>
    Prefix,

    /// <summary><c>continue_final_message: true</c> and <c>add_generation_prompt: false</c> in the request.</summary>
    ContinueFinalMessage,
}

/// <summary>In what a host differs from OpenAI itself, whose wire this is by default.</summary>
public sealed record WireQuirks
{
    public static readonly WireQuirks OpenAI = new();

    /// <summary>What stands before <c>/chat/completions</c>.</summary>
    public string BasePath { get; init; } = "/v1";
    public MaxTokensField MaxTokens { get; init; }
    public SeedField Seed { get; init; }

    /// <summary>Whether <c>stream_options</c> may be sent; a host that refuses it reports usage unasked, or not at all.</summary>
    public bool StreamOptions { get; init; } = true;
    public InstructionRole SystemRole { get; init; }
    public ReasoningField ReasoningField { get; init; }
    public PrefillMode Prefill { get; init; }

    /// <summary>Whether it has the Responses API.</summary>
    public bool Responses { get; init; } = true;
    public bool TopK { get; init; }
    public CallIdForm CallIds { get; init; }

    /// <summary>Names of members the host answers with an error; see <see cref="RefusedFields"/>.</summary>
    public ImmutableArray<string> Refuses { get; init; } = [];

    /// <summary>Whether a body of the same wire goes on without being looked through.</summary>
    public bool TakesAnyBody { get; private init; } = true;

    /// <summary>Whether it refuses what it does not know in messages and tools too. Those that do are the same that look at the ids of calls.</summary>
    internal bool IsStrict => CallIds != CallIdForm.Any;

    public bool IsRefused(string field) => Refuses.Contains(field, StringComparer.Ordinal);

    /// <summary>With what is worked out once.</summary>
    public WireQuirks Compiled() => this with
    {
        TakesAnyBody = MaxTokens == MaxTokensField.MaxCompletionTokens && Seed == SeedField.Seed && StreamOptions
            && SystemRole == InstructionRole.AsSent && CallIds != CallIdForm.NineLetters && Refuses.IsEmpty,
    };
}
