using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>In what the host of an endpoint differs from OpenAI. A null, and an empty text, is what the preset says.</summary>
public sealed class QuirksForm
{
    private static readonly QuirksConfig Nothing = new();

    public string Preset { get; set; } = "";
    public string BasePath { get; set; } = "";
    public MaxTokensField? MaxTokens { get; set; }
    public SeedField? Seed { get; set; }
    public bool? StreamOptions { get; set; }
    public InstructionRole? SystemRole { get; set; }
    public ReasoningField? ReasoningField { get; set; }
    public PrefillMode? Prefill { get; set; }
    public bool? Responses { get; set; }
    public bool? TopK { get; set; }
    public List<string> Refuses { get; set; } = [];

    public static QuirksForm From(QuirksConfig? config) => config is null ? new() : new()
    {
        Preset = config.Preset,
        BasePath = config.BasePath,
        MaxTokens = config.MaxTokens,
        Seed = config.Seed,
        StreamOptions = config.StreamOptions,
        SystemRole = config.SystemRole,
        ReasoningField = config.ReasoningField,
        Prefill = config.Prefill,
        Responses = config.Responses,
        TopK = config.TopK,
        Refuses = [.. config.Refuses],
    };

    /// <summary>Null when nothing is said.</summary>
    public QuirksConfig? ToConfig()
    {
        QuirksConfig config = new()
        {
            Preset = Preset.Trim(),
            BasePath = BasePath.Trim(),
            MaxTokens = MaxTokens,
            Seed = Seed,
            StreamOptions = StreamOptions,
            SystemRole = SystemRole,
            ReasoningField = ReasoningField,
            Prefill = Prefill,
            Responses = Responses,
            TopK = TopK,
            Refuses = [.. Refuses],
        };
        return Refuses.Count == 0 && config with { Refuses = Nothing.Refuses } == Nothing ? null : config;
    }

}
