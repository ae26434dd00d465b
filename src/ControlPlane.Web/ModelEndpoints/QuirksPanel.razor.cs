using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>The quirks of an endpoint's host: a preset, and what is different still.</summary>
public sealed partial class QuirksPanel
{
    private const string OfThePreset = "as the preset says";

    private static readonly (string, string)[] _presets = [("", "by the account's address"), .. QuirkPresets.Names.Select(n => (n, n))];
    private static readonly (MaxTokensField?, string)[] _maxTokens = Choices<MaxTokensField>();
    private static readonly (SeedField?, string)[] _seeds = Choices<SeedField>();
    private static readonly (InstructionRole?, string)[] _roles = Choices<InstructionRole>();
    private static readonly (ReasoningField?, string)[] _reasoning = Choices<ReasoningField>();
    private static readonly (PrefillMode?, string)[] _prefills = Choices<PrefillMode>();
    private static readonly (bool?, string)[] _yesNo = [(null, OfThePreset), (true, "yes"), (false, "no")];

    [Parameter, EditorRequired] public QuirksForm Form { get; set; } = null!; // required

    /// <summary>Path of the quirks in the document.</summary>
    [Parameter, EditorRequired] public string Path { get; set; } = "";

    [Parameter] public ImmutableArray<SnapshotProblem> Problems { get; set; } = [];

    [Parameter] public bool Disabled { get; set; }

    /// <summary>Something was edited.</summary>
    [Parameter] public EventCallback Edited { get; set; }

    // As documents spell it.
    private static (T?, string)[] Choices<T>() where T : struct, Enum =>
        [(null, OfThePreset), .. Enum.GetValues<T>().Select(v => ((T?)v, JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString())))];

    // A problem of one element of a list is told at the list.
    private string? ProblemOf(string field) => Problems.FirstOrDefault(p => p.Path.StartsWith($"{Path}.{field}", StringComparison.Ordinal))?.Message;

    private Task Changed() => Edited.InvokeAsync();

    private Task SetRefuses(string text)
    {
        Form.Refuses = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return Changed();
    }
}
