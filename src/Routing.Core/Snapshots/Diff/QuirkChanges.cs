namespace Routing.Core.Snapshots.Diff;

internal static class QuirkChanges
{
    private const string Preset = "the preset's";

    private static readonly QuirksConfig None = new();

    public static void Find(in Subject endpoint, QuirksConfig? before, QuirksConfig? after, ChangeList changes)
    {
        var (old, now) = (before ?? None, after ?? None);
        changes.Value(endpoint, "quirks.preset", "quirk preset", PresetOf(old), PresetOf(now));
        changes.Value(endpoint, "quirks.basePath", "base path", PathOf(old), PathOf(now));
        changes.Value(endpoint, "quirks.maxTokens", "max tokens field", Name(old.MaxTokens), Name(now.MaxTokens));
        changes.Value(endpoint, "quirks.seed", "seed field", Name(old.Seed), Name(now.Seed));
        changes.Value(endpoint, "quirks.streamOptions", "use of stream_options", YesNo(old.StreamOptions), YesNo(now.StreamOptions));
        changes.Value(endpoint, "quirks.systemRole", "system role", Name(old.SystemRole), Name(now.SystemRole));
        changes.Value(endpoint, "quirks.reasoningField", "reasoning field", Name(old.ReasoningField), Name(now.ReasoningField));
        changes.Value(endpoint, "quirks.prefill", "way to continue a turn", Name(old.Prefill), Name(now.Prefill));
        changes.Value(endpoint, "quirks.responses", "use of the Responses API", YesNo(old.Responses), YesNo(now.Responses));
        changes.Value(endpoint, "quirks.topK", "use of top_k", YesNo(old.TopK), YesNo(now.TopK));
        changes.Value(endpoint, "quirks.refuses", "list of refused fields", Spoken.List(old.Refuses, Preset), Spoken.List(now.Refuses, Preset));
    }

    private static string PresetOf(QuirksConfig quirks) => string.IsNullOrEmpty(quirks.Preset) ? "the host's" : quirks.Preset;

    private static string PathOf(QuirksConfig quirks) => string.IsNullOrEmpty(quirks.BasePath) ? Preset : quirks.BasePath == "/" ? "none" : quirks.BasePath;

    private static string Name<T>(T? value) where T : struct, Enum => value is { } set ? Spoken.Name(set) : Preset;

    private static string YesNo(bool? value) => value is { } set ? set ? "yes" : "no" : Preset;
}
