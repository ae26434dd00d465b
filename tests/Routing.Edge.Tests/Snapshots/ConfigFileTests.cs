using System.Text.Json;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Edge.Snapshots;

namespace Routing.Edge.Tests.Snapshots;

public sealed class ConfigFileTests
{
    private static string Sample => Path.Combine(AppContext.BaseDirectory, "routing.yaml");

    [Fact]
    public void Sample_Loads_WithoutAnyError()
    {
        var snapshot = ConfigFile.TryRead(Sample, out var problems);
        Assert.Empty(problems);
        Assert.Equal(["thread-summary", "channel-recap", "search-answer", "huddle-notes", "translate"], snapshot!.Features.Select(f => f.Name), StringComparer.Ordinal);
        var found = SnapshotValidator.Validate(snapshot, new AddressRules(["127.0.0.1:5300"]));
        Assert.DoesNotContain(found, p => p.Severity == ProblemSeverity.Error);
        Assert.Equal((3, 100, 4096), (snapshot.Features[0].MaxAttempts, snapshot.Features[1].Candidates[0].Weight, snapshot.ModelEndpoints[0].MaxOutputTokens));
    }

    [Fact]
    public void Sample_EachWayToAnswer_IsUsedWhereItDoesSomething()
    {
        var snapshot = ConfigFile.TryRead(Sample, out _)!;
        Assert.DoesNotContain(SnapshotValidator.Validate(snapshot, new AddressRules(["127.0.0.1:5300"])), p => p.Path.StartsWith("features", StringComparison.Ordinal));
        Func<FeatureConfig, bool>[] uses =
        [
            f => f.IdleMs > 0, f => f.HedgePercent > 0, f => f.WarmPercent > 0, f => f.MaxCostMicros > 0, f => f.FailOverOnContentFilter, f => f.Residency.Length > 0,
            f => f.Selection != SelectionStrategy.Weighted, f => f.Affinity != AffinityMode.None, f => f.Delivery == DeliveryMode.Protected, f => f.Lane == RequestLane.Batch,
        ];
        Assert.All(uses, used => Assert.Contains(snapshot.Features, f => used(f)));
    }

    [Fact]
    public async Task Load_AccountsWithKeptSecrets_OneLineEach()
    {
        using var log = new KeptLogs();
        await using var edge = await EdgeFixture.StartAsync(log: log);
        var keys = "{ kind: aws_keys, fields: { accessKeyId: \"env:A\", secretAccessKey: \"env:B\" } }";
        await File.WriteAllTextAsync(edge.ConfigPath, $$"""
            accounts:
              - { id: kept-1, provider: bedrock, credential: {{keys}} }
              - { id: kept-2, provider: bedrock, credential: {{keys}} }
              - { id: lent, provider: bedrock, credential: { kind: ambient } }
            """);

        Assert.True((await edge.Get<ConfigFileSource>().LoadAsync(CancellationToken.None)).Applied);
        var lines = log.Lines.Where(l => l.Contains("long-lived secret", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList(); // The edge may have seen the change by itself, too.
        Assert.Equal(2, lines.Count);
        Assert.Contains("accounts[kept-1].credential.kind: ", lines[0], StringComparison.Ordinal);
        var missing = log.Lines.Where(l => l.Contains("accounts[kept-", StringComparison.Ordinal) && l.Contains("].credential: ", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        Assert.Equal(2, missing.Count);
        Assert.All(missing, l => Assert.DoesNotContain('\n', l));
    }

    [Fact]
    public void Schema_KnowsEveryFieldOfTheSample()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "routing.schema.json")));
        using var sample = JsonDocument.Parse(YamlJson.Convert(File.ReadAllText(Sample)));
        Check(sample.RootElement, schema.RootElement, "");

        void Check(JsonElement value, JsonElement type, string path)
        {
            while (type.TryGetProperty("$ref", out var reference))
            {
                type = schema.RootElement;
                foreach (var step in reference.GetString()!.Split('/').Skip(1)) type = type.GetProperty(step);
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray()) Check(item, type.GetProperty("items"), path + "[]");
            }

            if (value.ValueKind != JsonValueKind.Object || !type.TryGetProperty("properties", out var properties)) return;
            foreach (var required in type.TryGetProperty("required", out var names) ? names.EnumerateArray().ToArray() : [])
            {
                Assert.True(value.TryGetProperty(required.GetString()!, out _), $"{path}.{required} is missing");
            }

            foreach (var member in value.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(member.Name, out var inner), $"{path}.{member.Name} is not in the schema");
                Check(member.Value, inner, $"{path}.{member.Name}");
            }
        }
    }

    [Theory]
    [InlineData("features:\n  - name: a\n    candidats: []", "features[a].candidats", "unknown_field")]
    [InlineData("features:\n  - name: a\n    maxAttempts: many", "features[a].maxAttempts", "field_invalid")]
    [InlineData("accounts:\n  - id: a\n    provider: cloudy\n    credential: { kind: none }", "accounts[a].provider", "field_invalid")]
    [InlineData("features:\n  - owner: a", "features[0].name", "field_missing")]
    [InlineData("features:\n  - name: 7", "features[0].name", "field_invalid")]
    [InlineData("features: none", "features", "field_invalid")]
    [InlineData("accounts:\n  - id: a\n    provider: bedrock\n    credential: { kind: none, fields: { key: [] } }", "accounts[a].credential.fields.key", "field_invalid")]
    [InlineData("", "", "yaml_invalid")]
    [InlineData("a: &x 1\nb: *x", "", "yaml_invalid")]
    [InlineData("note: a\nnote: b", "", "yaml_invalid")]
    [InlineData("note: a\n---\nnote: b", "", "yaml_invalid")]
    [InlineData("note: [", "", "yaml_invalid")]
    [InlineData("- 1", "", "field_invalid")]
    public void TryParse_BadFile_NamesPathAndCode(string yaml, string path, string code)
    {
        Assert.Null(ConfigFile.TryParse(yaml, out var problems));
        Assert.Contains(problems, p => p.Path == path && p.Code == code);
    }

    [Theory]
    [InlineData("delivery: continue", "'continue' cannot be read here; write one of immediate, protected, continued.")]
    [InlineData("totalMs: 1.5", "1.5 cannot be read here; write a whole number, at most 2147483647.")]
    [InlineData("totalMs: 99999999999", "99999999999 cannot be read here; write a whole number, at most 2147483647.")]
    [InlineData("failOverOnContentFilter: yes", "'yes' cannot be read here; write true or false.")]
    [InlineData("residency: eu", "'eu' cannot be read here; write a list.")]
    [InlineData("owner: 12345678", "This value cannot be read here; write a text; in quotes where it looks like a number, true, false or null.")]
    [InlineData("totalMs: ~", "Nothing cannot be read here; write a whole number, at most 2147483647.")]
    public void TryParse_ValueThatDoesNotFit_SaysWhatIsAllowed(string field, string message)
    {
        Assert.Null(ConfigFile.TryParse("features:\n  - name: chat\n    " + field, out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal($"features[chat].{field[..field.IndexOf(':', StringComparison.Ordinal)]}", problem.Path);
        Assert.Equal(message, problem.Message);
    }

    [Fact]
    public void TryParse_EnumWithSpellingsOfItsOwn_NamesThemAsTheyAreWritten()
    {
        Assert.Null(ConfigFile.TryParse("accounts:\n  - { id: a, provider: openai, credential: { kind: none } }", out var problems));
        Assert.Contains("openai_compatible", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Contains("azure_openai", problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_SlipsOfSeveralKinds_AllAreNamedAtOnce()
    {
        Assert.Null(ConfigFile.TryParse("features:\n  - name: chat\n    delivery: continue\n    candidats: []\n  - totalMs: long", out var problems));
        Assert.Equal(["features[chat].delivery", "features[chat].candidats", "features[1].totalMs", "features[1].name"], problems.Select(p => p.Path), StringComparer.Ordinal);
        Assert.All(problems, p => Assert.DoesNotContain("Routing.", p.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_WarningsAmongErrors_EachLineSaysWhichAndErrorsComeFirst()
    {
        var text = ConfigFileSource.Text(
        [
            new SnapshotProblem("features[a]", "x", "Odd.", ProblemSeverity.Warning),
            new SnapshotProblem("", "y", "Wrong."),
            new SnapshotProblem("features[b]", "z", "Bad."),
        ]);
        Assert.Equal(["  error: (document): Wrong.", "  error: features[b]: Bad.", "  warning: features[a]: Odd."], text.Split(Environment.NewLine), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("project: 0123", "\"0123\"")]
    [InlineData("project: \"7\"", "\"7\"")]
    [InlineData("project: 7", "7")]
    [InlineData("project: 1.5", "1.5")]
    [InlineData("project: true", "true")]
    [InlineData("project: 2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("project: ~", "null")]
    public void Convert_Scalar_HasItsType(string yaml, string json) =>
        Assert.Equal($$"""{"project":{{json}}}""", System.Text.Encoding.UTF8.GetString(YamlJson.Convert(yaml)));

    [Fact]
    public async Task Reload_EditComparesCostsOfTwoCurrencies_IsRefused()
    {
        await using var edge = await EdgeFixture.StartAsync();
        var good = await File.ReadAllTextAsync(edge.ConfigPath);
        await File.WriteAllTextAsync(edge.ConfigPath, good.Replace("name: chat", "name: chat\n    selection: cheapest", StringComparison.Ordinal)
            + "\n  - { modelEndpoint: second, currency: EUR, from: 2026-01-01T00:00:00Z, input: 1000000, output: 2000000 }");

        var outcome = await edge.Get<ConfigFileSource>().LoadAsync(CancellationToken.None);

        Assert.False(outcome.Applied);
        Assert.Equal(("currencies_compared", ProblemSeverity.Error), outcome.Problems.Select(p => (p.Code, p.Severity)).Single(p => p.Severity == ProblemSeverity.Error));
    }

    [Fact]
    public async Task Reload_BadThenGoodEdit_ServesThroughout()
    {
        await using var edge = await EdgeFixture.StartAsync();
        edge.Provider.OnStatus("model-a", 200, ScriptedProvider.Whole);
        var good = await File.ReadAllTextAsync(edge.ConfigPath);
        var source = edge.Get<ConfigFileSource>();

        await File.WriteAllTextAsync(edge.ConfigPath, good.Replace("weight", "wait", StringComparison.Ordinal) + "\nnonsense: 1");
        Assert.False((await source.LoadAsync(CancellationToken.None)).Applied);
        using (var response = await edge.ChatAsync(EdgeFixture.Body(false))) Assert.True(response.IsSuccessStatusCode);

        await File.WriteAllTextAsync(edge.ConfigPath, good.Replace("name: chat", "name: talk", StringComparison.Ordinal).Replace("features: [ chat,", "features: [ talk,", StringComparison.Ordinal));
        Assert.True((await source.LoadAsync(CancellationToken.None)).Applied);
        using (var response = await edge.ChatAsync(EdgeFixture.Body(false))) Assert.Equal(404, (int)response.StatusCode);
    }
}
