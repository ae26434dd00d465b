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
            var unknown = UnknownFields.Find(document.RootElement);
            var snapshot = DocumentJson.Read<RoutingSnapshot>(document);
            if (unknown.Count == 0) return snapshot;
            problems = [.. unknown];
            if (snapshot is not null) problems = problems.AddRange(SnapshotValidator.Validate(snapshot));
        }
        catch (YamlProblemException e)
        {
            problems = [new SnapshotProblem("", "yaml_invalid", e.Message)];
        }
        catch (JsonException e)
        {
            var path = (e.Path ?? "$").TrimStart('$').TrimStart('.');
            problems = [new SnapshotProblem(path, "field_invalid", $"The value cannot be read as what this field holds. {FirstSentence(e.Message)}")];
        }

        return null;
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
