using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using TestKit;

namespace Routing.Core.Tests.Snapshots;

/// <summary>Documents that nobody meant to write: each is refused with a problem, or is valid and compiles. Nothing throws.</summary>
public sealed class SnapshotMutationTests
{
    private static readonly AddressRules Rules = new(["127.0.0.1:5300"]);
    private static readonly string Sample = JsonSerializer.Serialize(SampleWorld.Snapshot, SnapshotJson.Default.RoutingSnapshot);
    private static readonly string[] Values =
    [
        "null", "true", "\"\"", "\" \"", "\"..\"", "\"a\\u0000b\"", "\"lone\"", "0", "-1", "101", "2147483647", "2147483648", "9223372036854775807",
        "-9223372036854775808", "1e308", "1.5", "\"NaN\"", "[]", "{}", "[null]", "{\"\":null}", "\"bedrock\"", "\"*\"", "\"sealed:a#b\"", "\"file:\"",
        "\"http://127.0.0.1:5300\"", "\"mailto:a@b\"", "\"https://[::1]\"", "\"https://a..b/\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"",
        "\"thread-summary\"", "\"web\"", "\"translate\"", "\"unknown_kind\"", "\"" + new string('x', 3_000) + "\"", "[[[[[[1]]]]]]",
    ];

    [Fact]
    public void Validate_TenThousandMutatedDocuments_RefusesEachOrItCompiles()
    {
        var (refused, valid, unreadable) = (0, 0, 0);
        Check.One(Properties.Cases(10_000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            RoutingSnapshot? snapshot;
            try
            {
                snapshot = DocumentJson.Read<RoutingSnapshot>(Encoding.UTF8.GetBytes(Mutate(seed)));
            }
            catch (JsonException)
            {
                unreadable++;
                return;
            }
            if (CheckOne(snapshot)) valid++;
            else refused++;
        }));
        Assert.True(refused > 700 && valid > 500, $"{refused} refused, {valid} valid, {unreadable} unreadable: the mutations miss their mark");
    }

    [Fact]
    public void Validate_EveryArrayAndTextMissing_NeverThrows()
    {
        var hostile = new RoutingSnapshot
        {
            Note = null!,
            Accounts = [null!, new() { Id = null!, Provider = (ProviderKind)200, Credential = new() { Kind = CredentialKind.ApiKey, Fields = null! }, Address = null!, Name = null!, Project = null!, ApiVersion = null! }],
            ModelEndpoints = [null!, new() { Id = null!, Account = null!, Model = null!, Breaker = null!, Capabilities = default, Region = null!, DisplayName = null! }, new() { Id = "a", Account = "a", Model = "a", Capabilities = [null!] }],
            Breakers = [null!, new() { Id = null!, Name = null!, RampPercent = default }],
            Features = [null!, new() { Name = null!, Candidates = default, Owner = null!, Description = null! }, new() { Name = "f", Candidates = [null!, new() { ModelEndpoint = null! }, new() { ModelEndpoint = "a", Weight = int.MinValue }] }],
            Callers = [null!, new() { Id = null!, Name = null!, Keys = default, Features = default }, new() { Id = "c", Keys = [null!, new() { Sha256 = null!, Prefix = null! }], Features = [null!] }],
            Prices = [null!, new() { ModelEndpoint = null!, From = default, Input = long.MinValue, Output = long.MaxValue, Currency = null! }],
        };
        Assert.False(CheckOne(hostile));
        Assert.False(CheckOne(hostile with { Accounts = default, Breakers = default }));
        CheckOne(hostile with { ModelEndpoints = default, Features = default, Callers = default, Prices = default });
    }

    /// <summary>True when it is valid.</summary>
    private static bool CheckOne(RoutingSnapshot? snapshot)
    {
        var problems = SnapshotValidator.Validate(snapshot, Rules);
        Assert.All(problems, p => Assert.True(p.Code.Length > 0 && p.Message.EndsWith('.') && p.Message.Length < 600 && !p.Message.Any(char.IsControl), p.ToString()));
        if (snapshot is not null)
        {
            _ = SnapshotDiff.Between(SampleWorld.Snapshot, snapshot);
            _ = SnapshotDiff.Between(snapshot, SampleWorld.Snapshot);
            _ = SnapshotShrinkage.Between(SampleWorld.Snapshot, snapshot);
            _ = SnapshotShrinkage.Between(snapshot, SampleWorld.Snapshot);
        }
        if (SnapshotValidator.HasErrors(problems)) return false;
        Compile(snapshot!);
        return true;
    }

    private static void Compile(RoutingSnapshot snapshot)
    {
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(new ManualTime(), 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        var table = compiler.Compile(snapshot, new EdgeOverlay(), "e");
        Assert.Equal(snapshot.Features.Length, table.Features.Count);
    }

    private static string Mutate(int seed)
    {
        var random = new Random(seed);
        var root = JsonNode.Parse(Sample)!;
        for (var n = random.Next(1, 4); n > 0; n--) MutateOnce(root, random);
        // A lone surrogate, which JsonNode itself cannot write.
        return root.ToJsonString().Replace("\"lone\"", "\"\\ud800\"", StringComparison.Ordinal);
    }

    private static void MutateOnce(JsonNode root, Random random)
    {
        var (node, depth) = (root, random.Next(2, 8));
        while (true)
        {
            switch (node)
            {
                case JsonObject o when o.Count > 0:
                    var (name, child) = o.ElementAt(random.Next(o.Count));
                    if (--depth > 0 && child is JsonObject or JsonArray) { node = child; continue; }
                    if (random.Next(6) == 0) o.Remove(name);
                    else o[name] = Value(root, random);
                    return;
                case JsonArray { Count: > 0 } a:
                    var at = random.Next(a.Count);
                    if (--depth > 0 && a[at] is JsonObject or JsonArray) { node = a[at]!; continue; }
                    if (random.Next(4) == 0) a.RemoveAt(at);
                    else if (random.Next(3) == 0) a.Add(a[at]?.DeepClone());
                    else a[at] = Value(root, random);
                    return;
                case JsonArray a:
                    a.Add(Value(root, random));
                    return;
                default:
                    return;
            }
        }
    }

    // Half the time something that stands elsewhere in the document: the right shape in the wrong place.
    private static JsonNode? Value(JsonNode root, Random random)
    {
        if (random.Next(2) == 0) return JsonNode.Parse(Values[random.Next(Values.Length)]);
        var node = root;
        while (node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } && (ReferenceEquals(node, root) || random.Next(5) > 0))
        {
            node = node is JsonObject o ? o.ElementAt(random.Next(o.Count)).Value : node![random.Next(node.AsArray().Count)];
        }
        return node?.DeepClone();
    }
}
