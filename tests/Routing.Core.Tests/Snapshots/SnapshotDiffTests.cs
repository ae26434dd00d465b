using System.Collections.Immutable;
using System.Reflection;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

public sealed class SnapshotDiffTests
{
    private static readonly RoutingSnapshot Old = SampleWorld.Snapshot;
    private static readonly FeatureConfig Summary = Old.Features[0];

    [Fact]
    public void Between_OnlyRevisionMomentAndNoteDiffer_IsEmpty() =>
        Assert.Empty(SnapshotDiff.Between(Old, Old with { Revision = 413, PublishedAt = SampleWorld.Day, Note = "other" }));

    [Fact]
    public void Between_SameContentInAnotherOrder_IsEmpty() => Assert.Empty(SnapshotDiff.Between(Old, Old with
    {
        Features = [.. Old.Features.Reverse()], Prices = [.. Old.Prices.Reverse()], ModelEndpoints = [.. Old.ModelEndpoints.Reverse()],
        Accounts = [.. Old.Accounts.Reverse()], Breakers = [.. Old.Breakers.Reverse()], Callers = [.. Old.Callers.Reverse()],
    }));

    [Fact]
    public void Between_Nothing_ListsEverythingAsAddedFeaturesFirst()
    {
        var changes = SnapshotDiff.Between(null, Old);
        Assert.All(changes, c => Assert.Equal(ChangeKind.Added, c.Kind));
        Assert.Equal(["feature", "model_endpoint", "breaker", "account", "caller", "price"], changes.Select(c => c.Group).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(5 + 12 + 2 + 3 + 2 + 12, changes.Length);
        Assert.All(SnapshotDiff.Between(Old, new RoutingSnapshot()), c => Assert.Equal(ChangeKind.Removed, c.Kind));
    }

    [Fact]
    public void Between_PrimaryReplaced_IsOneSentence()
    {
        var change = Assert.Single(Candidates(c => c.SetItem(0, c[0] with { ModelEndpoint = "vertex-europe-west4-gemini-2.5-flash" })));
        Assert.Equal("thread-summary: primary is now Gemini 2.5 Flash on Vertex AI europe-west4 (was Claude Sonnet 4.5 on Bedrock us-east-1)", change.Sentence);
        Assert.Equal(("feature", "thread-summary", "features[thread-summary].candidates"), (change.Group, change.Object, change.Path));
        Assert.Equal(("Claude Sonnet 4.5 on Bedrock us-east-1", "Gemini 2.5 Flash on Vertex AI europe-west4"), (change.Old, change.New));
    }

    [Fact]
    public void Between_PrimarySwappedWithABackup_IsOneSentence() => Assert.Equal(
        "thread-summary: primary is now GPT-4.1 on Azure OpenAI eastus2 (was Claude Sonnet 4.5 on Bedrock us-east-1); the two change places",
        Assert.Single(Candidates(c => [c[0] with { Tier = 3, Role = CandidateRole.Backup }, c[1], c[2], c[3] with { Tier = 1, Role = CandidateRole.Primary }])).Sentence);

    [Fact]
    public void Between_PrimaryBecomesABackupOfAnotherShare_TellsEachMoveInOneSentence()
    {
        var sentences = Candidates(c => [c[1] with { Tier = 1, Weight = 100, Role = CandidateRole.Primary }, c[0] with { Tier = 2, Weight = 60, Role = CandidateRole.Primary }, c[2], c[3]]).Select(c => c.Sentence).ToArray();
        Assert.Equal(
        [
            "thread-summary: primary is now Claude Sonnet 4.5 on Bedrock us-west-2 (was Claude Sonnet 4.5 on Bedrock us-east-1)",
            "thread-summary: Claude Sonnet 4.5 on Bedrock us-east-1 moves to tier 2, 60\u00A0% (was tier 1, 100\u00A0%)",
            "thread-summary: Claude Sonnet 4.5 on Bedrock us-west-2 moves to tier 1, 100\u00A0%, primary (was tier 2, 60\u00A0%, backup)",
        ], sentences, StringComparer.Ordinal);
    }

    [Fact]
    public void Between_WeightsMove_NamesBothSides()
    {
        var changes = Candidates(c => c.SetItem(1, c[1] with { Weight = 80 }).SetItem(2, c[2] with { Weight = 20 }));
        Assert.Equal(
        [
            "thread-summary: weight of Claude Sonnet 4.5 on Bedrock us-west-2 in tier 2 is now 80\u00A0% (was 60\u00A0%)",
            "thread-summary: weight of Gemini 2.5 Flash on Vertex AI us-east5 in tier 2 is now 20\u00A0% (was 40\u00A0%)",
        ], changes.Select(c => c.Sentence), StringComparer.Ordinal);
    }

    [Fact]
    public void Between_CandidateJoinsAndLeaves_SaysWhere()
    {
        var joined = Assert.Single(Candidates(c => c.Add(new() { ModelEndpoint = "azure-swedencentral-gpt-4.1", Tier = 4, Role = CandidateRole.LastResort })));
        Assert.Equal((ChangeKind.Added, "thread-summary: GPT-4.1 on Azure OpenAI swedencentral joins tier 4 with 100\u00A0%"), (joined.Kind, joined.Sentence));
        var left = Assert.Single(Candidates(c => c.RemoveAt(3)));
        Assert.Equal((ChangeKind.Removed, "thread-summary: GPT-4.1 on Azure OpenAI eastus2 leaves tier 3, where it had 100\u00A0%"), (left.Kind, left.Sentence));
    }

    [Fact]
    public void Between_ShadowComesBecomesPrimaryAndGoes_NeverSpeaksOfItsTier()
    {
        CandidateConfig shadow = new() { ModelEndpoint = "azure-swedencentral-gpt-4.1", Role = CandidateRole.Shadow };
        var shadowed = Old with { Features = Old.Features.SetItem(0, Summary with { ShadowPercent = 5, Candidates = Summary.Candidates.Add(shadow) }) };
        var promoted = Old with { Features = Old.Features.SetItem(0, Summary with { Candidates = Summary.Candidates.Add(shadow with { Tier = 4, Role = CandidateRole.LastResort }) }) };

        Assert.Equal(
        [
            "thread-summary: GPT-4.1 on Azure OpenAI swedencentral becomes a shadow: it gets copies of calls",
            "thread-summary: share of the calls that is copied to shadows is now 5\u00A0% (was none)",
        ], SnapshotDiff.Between(Old, shadowed).Select(c => c.Sentence), StringComparer.Ordinal);
        Assert.Equal(
        [
            "thread-summary: GPT-4.1 on Azure OpenAI swedencentral moves to tier 4, 100\u00A0% (was a shadow)",
            "thread-summary: share of the calls that is copied to shadows is now none (was 5\u00A0%)",
        ], SnapshotDiff.Between(shadowed, promoted).Select(c => c.Sentence), StringComparer.Ordinal);
        Assert.Equal("thread-summary: GPT-4.1 on Azure OpenAI swedencentral becomes a shadow (was tier 4, 100\u00A0%)", SnapshotDiff.Between(promoted, shadowed)[0].Sentence);
        Assert.Equal("thread-summary: GPT-4.1 on Azure OpenAI swedencentral is no shadow any more", SnapshotDiff.Between(shadowed, Old)[0].Sentence);
        Assert.Empty(SnapshotDiff.Between(shadowed, shadowed with { Features = shadowed.Features.SetItem(0, shadowed.Features[0] with { Candidates = Summary.Candidates.Add(shadow with { Tier = 3, Weight = 7 }) }) }));
    }

    [Fact]
    public void Between_SettingsOfEveryKind_ReadAsSentences()
    {
        var current = Old with
        {
            Features = Old.Features.SetItem(0, Summary with { FirstTokenMs = 8_000, SloFirstTokenMs = 0, Delivery = DeliveryMode.Protected }).RemoveAt(4),
            ModelEndpoints = Old.ModelEndpoints.SetItem(0, Old.ModelEndpoints[0] with { Breaker = "", Probe = false }),
            Breakers = Old.Breakers.SetItem(0, Old.Breakers[0] with { FirstTokenP90Ms = 0, RampPercent = [5, 100] }),
            Accounts = Old.Accounts.SetItem(2, Old.Accounts[2] with { Address = "https://other.openai.azure.com", Credential = Old.Accounts[2].Credential with { Fields = ImmutableDictionary<string, string>.Empty.Add("key", "env:OTHER") } }),
            Callers = Old.Callers.SetItem(1, Old.Callers[1] with { Features = ["channel-recap", "search-answer"], Keys = [Old.Callers[1].Keys[1]] }),
            Prices = Old.Prices.SetItem(0, Old.Prices[0] with { Input = 3_500_000, CacheWrite = null }),
        };
        Assert.Equal(
        [
            "thread-summary: deadline of the first token is now 8,000\u00A0ms (was 10,000\u00A0ms)",
            "thread-summary: promised time to the first token is now none (was 2,000\u00A0ms)",
            "thread-summary: delivery of streamed answers is now held back until they are whole (was as they come)",
            "translate: removed; calls that name it are refused",
            "bedrock-us-east-1-sonnet-4-5: breaker policy is now the built-in one (was interactive)",
            "bedrock-us-east-1-sonnet-4-5: is no longer probed",
            "interactive: limit of the first token, p90, is now not judged (was 2,000\u00A0ms)",
            "interactive: ramp is now 5, 100\u00A0% (was 1, 2, 5, 10, 25, 50, 100\u00A0%)",
            "azure: address is now https://other.openai.azure.com (was https://example-prod.openai.azure.com)",
            "azure: source of credential field key is now env:OTHER (was env:AZURE_OPENAI_KEY)",
            "nightly: may now name search-answer",
            "nightly: may no longer name translate",
            "nightly: key rk_job_1… is removed; calls with it are refused",
            "bedrock-us-east-1-sonnet-4-5: input price per million tokens from 2026-11-01 00:00 UTC is now $3.50 (was $3.00)",
            "bedrock-us-east-1-sonnet-4-5: price of cache writes from 2026-11-01 00:00 UTC is now that of input (was $3.75)",
        ], SnapshotDiff.Between(Old, current).Select(c => c.Sentence), StringComparer.Ordinal);
    }

    [Fact]
    public void Between_BudgetsComeChangeAndGo_NameTheAmountItsCurrencyAndWhatHappens()
    {
        var budget = Summary with { BudgetMicros = 250_000_000, BudgetAction = BudgetAction.Stop };
        Assert.Equal(["thread-summary: budget of a month is now 250.00\u00A0USD (was none)", "thread-summary: what calls beyond the budget get is now a refusal (was an answer)"], Between(Summary, budget), StringComparer.Ordinal);
        Assert.Equal(["thread-summary: budget of a month is now 99.50\u00A0EUR (was 250.00\u00A0USD)"], Between(budget, budget with { BudgetMicros = 99_500_000, BudgetCurrency = "EUR" }), StringComparer.Ordinal);

        static IEnumerable<string> Between(FeatureConfig old, FeatureConfig now) => SnapshotDiff
            .Between(Old with { Features = Old.Features.SetItem(0, old) }, Old with { Features = Old.Features.SetItem(0, now) }).Select(c => c.Sentence);
    }

    [Fact]
    public void Between_KeysGiveWayToAnIdentity_SaysWhoIsTrustedAndAsWhom()
    {
        var account = Old.Accounts[0] with { Credential = FederatedWorld.Snapshot.Accounts[0].Credential };
        Assert.Equal(
        [
            "bedrock: credential is now a federated identity (was AWS keys)",
            "bedrock: source of credential field accessKeyId is cleared (was sealed:bedrock#accessKeyId)",
            "bedrock: source of credential field secretAccessKey is cleared (was sealed:bedrock#secretAccessKey)",
            "bedrock: trusted issuer is now https://accounts.google.com",
            "bedrock: trusted subject is now 112233445566778899001",
            "bedrock: audience is now sts.amazonaws.com",
            "bedrock: role is now arn:aws:iam::123456789012:role/edge/router",
            "bedrock: session name is now edge-1",
            "bedrock: life of the credentials is now 900\u00A0s (was 3,600\u00A0s)",
        ], SnapshotDiff.Between(Old, Old with { Accounts = Old.Accounts.SetItem(0, account) }).Select(c => c.Sentence), StringComparer.Ordinal);
    }

    [Fact]
    public void Between_SecretPastedIntoADraft_IsNotRepeated()
    {
        var account = Old.Accounts[2] with { Credential = Old.Accounts[2].Credential with { Fields = ImmutableDictionary<string, string>.Empty.Add("key", "sk-canary-1234") } };
        var change = Assert.Single(SnapshotDiff.Between(Old, Old with { Accounts = Old.Accounts.SetItem(2, account) }));
        Assert.DoesNotContain("canary", change.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Between_AnyPropertyOfAnyPartChanges_IsNoticed()
    {
        // A field added later fails here until the diff says something about it.
        Noticed(Old.Features[0], f => Old with { Features = Old.Features.SetItem(0, f) });
        Noticed(Old.Features[0].Candidates[0], c => Old with { Features = Old.Features.SetItem(0, Summary with { Candidates = Summary.Candidates.SetItem(0, c) }) });
        Noticed(Old.ModelEndpoints[0], e => Old with { ModelEndpoints = Old.ModelEndpoints.SetItem(0, e) });
        Noticed(new QuirksConfig(), q => Old with { ModelEndpoints = Old.ModelEndpoints.SetItem(0, Old.ModelEndpoints[0] with { Quirks = q }) });
        Noticed(Old.Breakers[0], b => Old with { Breakers = Old.Breakers.SetItem(0, b) });
        Noticed(Old.Accounts[0], a => Old with { Accounts = Old.Accounts.SetItem(0, a) });
        Noticed(Old.Accounts[0].Credential, c => Old with { Accounts = Old.Accounts.SetItem(0, Old.Accounts[0] with { Credential = c }) });
        Noticed(FederatedWorld.Snapshot.Accounts[0].Credential.Federation!, f => Old with { Accounts = Old.Accounts.SetItem(0, Old.Accounts[0] with { Credential = Old.Accounts[0].Credential with { Federation = f } }) });
        Noticed(Old.Callers[0], c => Old with { Callers = Old.Callers.SetItem(0, c) });
        Noticed(Old.Callers[0].Keys[0], k => Old with { Callers = Old.Callers.SetItem(0, Old.Callers[0] with { Keys = [k] }) });
        Noticed(Old.Prices[0], p => Old with { Prices = Old.Prices.SetItem(0, p) });
    }

    [Fact]
    public void Shrinkage_AQuarterOrLessGone_IsQuietMoreOrTheLastIsNot()
    {
        var four = Old with { Features = [.. Old.Features.Take(4)] };
        Assert.Empty(SnapshotShrinkage.Between(null, Old));
        Assert.Empty(SnapshotShrinkage.Between(four, four with { Features = four.Features.RemoveAt(0) }));
        Assert.Equal("2 of 4 features are gone. Confirm that this is meant.", Assert.Single(SnapshotShrinkage.Between(four, four with { Features = [.. four.Features.Take(2)] })).Message);
        Assert.Equal(4, SnapshotShrinkage.Between(Old, new RoutingSnapshot()).Length);
        Assert.Single(SnapshotShrinkage.Between(new RoutingSnapshot { Callers = [Old.Callers[0]] }, new RoutingSnapshot { Callers = default }));
    }

    private static ImmutableArray<SnapshotChange> Candidates(Func<ImmutableArray<CandidateConfig>, ImmutableArray<CandidateConfig>> change) =>
        SnapshotDiff.Between(Old, Old with { Features = Old.Features.SetItem(0, Summary with { Candidates = change(Summary.Candidates) }) });

    private static void Noticed<T>(T part, Func<T, RoutingSnapshot> place) where T : class
    {
        var copy = typeof(T).GetMethod("<Clone>$")!;
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var changed = (T)copy.Invoke(part, null)!;
            property.SetValue(changed, Another(property.GetValue(part), property.PropertyType));
            Assert.True(SnapshotDiff.Between(Old, place(changed)).Length > 0, $"{typeof(T).Name}.{property.Name} changed and the diff is silent");
        }
    }

    private static object? Another(object? value, Type type) => (value, type) switch
    {
        (string text, _) => text + "x",
        (int number, _) => number + 1,
        (long number, _) => number + 10_000,
        (bool flag, _) => !flag,
        (DateTimeOffset moment, _) => moment.AddDays(1),
        (Enum old, _) => Enum.GetValues(type).Cast<object>().First(v => !v.Equals(old)),
        (ImmutableArray<string> list, _) => list.Add("tools"),
        (ImmutableArray<int> list, _) => list.RemoveAt(0),
        (ImmutableArray<CandidateConfig> list, _) => list.RemoveAt(1),
        (ImmutableArray<CallerKeyConfig> list, _) => list.Clear(),
        (ImmutableDictionary<string, string> fields, _) => fields.Add("sessionToken", "env:X"),
        (CredentialConfig credential, _) => credential with { Kind = CredentialKind.ApiKey },
        (null, _) when type == typeof(FederationConfig) => FederatedWorld.Snapshot.Accounts[0].Credential.Federation,
        (null, _) when type == typeof(QuirksConfig) => new QuirksConfig { Preset = "vllm" },
        (null, _) when type == typeof(bool?) => true,
        (null, _) when Nullable.GetUnderlyingType(type) is { IsEnum: true } choice => Enum.GetValues(choice).GetValue(1),
        (null, _) when type == typeof(long?) => 1L,
        (null, _) when type == typeof(DateTimeOffset?) => SampleWorld.Day,
        _ => throw new NotSupportedException($"Say how a {type} changes."),
    };
}
