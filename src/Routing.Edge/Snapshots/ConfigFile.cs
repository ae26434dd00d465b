using System.Collections.Immutable;
using System.Text.Json;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>Reads a routing file in YAML into the same document the control plane publishes.</summary>
internal static class ConfigFile
{
    /// <summary>Null with every problem found; a document may still fail validation.</summary>
    public static RoutingSnapshot? TryRead(string path, out ImmutableArray<SnapshotProblem> problems)
    {
        try
        {
            if (SnapshotValidator.CheckSize(new FileInfo(path).Length) is { } tooLarge)
            {
                problems = [tooLarge];
                return null;
            }

            return TryParse(File.ReadAllText(path), out problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems = [new SnapshotProblem("", "file_unreadable", $"The file '{path}' cannot be read: {e.Message}")];
            return null;
        }
    }

    public static RoutingSnapshot? TryParse(string yaml, out ImmutableArray<SnapshotProblem> problems)
    {
        problems = [];
        try
        {
            using var document = JsonDocument.Parse(YamlJson.Convert(yaml));
            var found = FieldProblems.Find(document.RootElement);
            if (found.Count == 0) return DocumentJson.Read<RoutingSnapshot>(document);
            problems = [.. found];
            if (found.TrueForAll(p => p.Code == FieldProblems.Unknown) && DocumentJson.Read<RoutingSnapshot>(document) is { } snapshot)
            {
                problems = problems.AddRange(SnapshotValidator.Validate(snapshot));
            }
        }
        catch (YamlProblemException e)
        {
            problems = [new SnapshotProblem("", "yaml_invalid", e.Message)];
        }
        catch (JsonException e)
        {
            // FieldProblems finds these, with better words; whatever it does not is still a problem of the file.
            var path = (e.Path ?? "$").TrimStart('$').TrimStart('.');
            problems = [new SnapshotProblem(path, "field_invalid", "The value cannot be read as what this field holds.")];
        }

        return null;
    }
}
