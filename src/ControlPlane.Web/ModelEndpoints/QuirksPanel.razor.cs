using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Web.ProviderAccounts;
using Microsoft.AspNetCore.Components;
using Routing.Core.Providers;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

/// <summary>The quirks of an endpoint's host: a preset, and what is different still.</summary>
public sealed partial class QuirksPanel
{
    [Parameter, EditorRequired] public QuirksForm Form { get; set; } = null!; // required

    /// <summary>Whose address names the preset where the form names none; null when none is chosen.</summary>
    [Parameter, EditorRequired] public ProviderAccountView? Account { get; set; }

    /// <summary>Path of the quirks in the document.</summary>
    [Parameter, EditorRequired] public string Path { get; set; } = "";

    [Parameter] public ImmutableArray<SnapshotProblem> Problems { get; set; } = [];

    [Parameter] public bool Disabled { get; set; }

    /// <summary>Something was edited.</summary>
    [Parameter] public EventCallback Edited { get; set; }

    private bool IsAzure => Account?.Provider == ProviderKind.AzureOpenAI;

    private string Host => Uri.TryCreate(Account?.Address, UriKind.Absolute, out Uri? address) ? address.Host : "";

    private string PresetName => Form.Preset.Length > 0 ? Form.Preset : DefaultName;

    private string DefaultName => IsAzure ? "openai" : QuirkPresets.NameFor(Host);

    /// <summary>What the preset says before the form says otherwise.</summary>
    private WireQuirks Preset => new QuirksConfig { Preset = QuirkPresets.IsKnown(PresetName) ? PresetName : "" } is var named && IsAzure
        ? QuirkPresets.OfAzure(named, Account?.ApiVersion is "" or "v1") : QuirkPresets.Of(named, Host);

    private (string, string)[] Presets => [("", $"by the account: {DefaultName}"), .. QuirkPresets.Names.Select(n => (n, n))];

    private string RefusesHint => "members of a request with commas between" + (Preset.Refuses.IsEmpty ? "; the preset refuses none" : $", besides the preset's {string.Join(", ", Preset.Refuses)}");

    // As documents spell it.
    private static (T?, string)[] Choices<T>(T preset) where T : struct, Enum => [(null, $"preset: {Spelled(preset)}"), .. Enum.GetValues<T>().Select(v => ((T?)v, Spelled(v)))];

    private static (bool?, string)[] YesNo(bool preset) => [(null, $"preset: {(preset ? "yes" : "no")}"), (true, "yes"), (false, "no")];

    private static string Spelled<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // A problem of one element of a list is told at the list.
    private string? ProblemOf(string field) => Problems.FirstOrDefault(p => p.Path.StartsWith($"{Path}.{field}", StringComparison.Ordinal))?.Message;

    private Task Changed() => Edited.InvokeAsync();

    private Task SetRefuses(string text)
    {
        Form.Refuses = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return Changed();
    }
}
