using System.Collections.Immutable;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Snapshots;

public sealed class SnapshotValidatorTests
{
    private static readonly RoutingSnapshot Valid = SampleWorld.Snapshot;

    [Fact]
    public void Validate_SampleWorld_HasNoProblem() => Assert.Empty(SnapshotValidator.Validate(Valid, new AddressRules([])));

    [Fact]
    public void Validate_EmptyDocument_HasNoProblem() => Assert.Empty(SnapshotValidator.Validate(new RoutingSnapshot()));

    [Fact]
    public void Validate_NoDocument_SaysSo() => Assert.Equal("document_missing", Assert.Single(SnapshotValidator.Validate(null)).Code);

    // What the first candidate costs from tomorrow on.
    private static ImmutableArray<PriceConfig> InEuro => Valid.Prices.Add(Valid.Prices[0] with { Currency = "EUR", From = Valid.Prices[0].From.AddDays(1) });

    [Fact]
    public void Validate_CostsOfTwoCurrenciesCompared_NamesBothAndWhoHasThem()
    {
        var snapshot = WithFeature(f => f with { Selection = SelectionStrategy.Cheapest }) with { Prices = InEuro };
        var problem = Assert.Single(SnapshotValidator.Validate(snapshot), p => p.Severity == ProblemSeverity.Error);
        Assert.Contains("bedrock-us-east-1-sonnet-4-5 is priced in EUR", problem.Message, StringComparison.Ordinal);
        Assert.Contains("in USD", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SnapshotValidator.Validate(Valid with { Prices = InEuro }), p => p.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void ValidatePublished_CostsOfTwoCurrenciesCompared_WarnsInTheSameWords()
    {
        var snapshot = WithFeature(f => f with { Selection = SelectionStrategy.Cheapest }) with { Prices = InEuro };
        var refused = SnapshotValidator.Validate(snapshot);
        var warned = SnapshotValidator.ValidatePublished(snapshot);
        Assert.DoesNotContain(warned, p => p.Severity == ProblemSeverity.Error);
        Assert.Equal(refused.Select(p => p.Message), warned.Select(p => p.Message), StringComparer.Ordinal);
    }

    [Fact]
    public void ValidatePublished_ARuleThatIsNotYounger_RefusesAsEver()
    {
        var snapshot = WithCandidate(c => c with { Weight = 101 });
        Assert.Equal(SnapshotValidator.Validate(snapshot).AsEnumerable(), SnapshotValidator.ValidatePublished(snapshot));
    }

    [Fact]
    public void Validate_AllCandidatesMovedToAnotherCurrency_IsInOrder()
    {
        ImmutableArray<PriceConfig> moved = [.. Valid.Prices, .. Valid.Prices.Select(p => p with { Currency = "EUR", From = p.From.AddDays(1) })];
        var snapshot = WithFeature(f => f with { Selection = SelectionStrategy.Cheapest }) with { Prices = moved };
        Assert.DoesNotContain(SnapshotValidator.Validate(snapshot), p => p.Code == "currencies_compared");
    }

    [Fact]
    public void Validate_WeightTooHigh_NamesValueLimitAndPath()
    {
        var problems = SnapshotValidator.Validate(WithCandidate(c => c with { Weight = 101 }));
        Assert.Equal(
        [
            ("features[thread-summary].candidates[0].weight", "out_of_range", "Weight is 101\u00A0%; at most 100\u00A0%."),
            ("features[thread-summary].candidates", "weight_sum", "The weights of tier 1 add up to 101\u00A0%; 1\u00A0% is too much."),
        ], problems.Select(p => (p.Path, p.Code, p.Message)));
    }

    public static TheoryData<string, string, RoutingSnapshot> Faults()
    {
        var data = new TheoryData<string, string, RoutingSnapshot>
        {
            { "schemaVersion", "schema_unknown", Valid with { SchemaVersion = 2 } },
            { "revision", "out_of_range", Valid with { Revision = -1 } },
            { "note", "too_long", Valid with { Note = new string('x', 2_001) } },
            { "note", "control_character", Valid with { Note = "a\u0007b" } },
            { "accounts[3].id", "id_missing", Valid with { Accounts = Valid.Accounts.Add(Valid.Accounts[0] with { Id = "" }) } },
            { "accounts[3]", "id_duplicate", Valid with { Accounts = Valid.Accounts.Add(Valid.Accounts[0]) } },
            { "accounts[3]", "item_missing", Valid with { Accounts = Valid.Accounts.Add(null!) } },
        };
        Account(data, "name", "too_long", a => a with { Name = new string('x', 101) });
        Account(data, "provider", "value_unknown", a => a with { Provider = (ProviderKind)99 });
        Account(data, "project", "field_unused", a => a with { Project = "p" });
        Account(data, "apiVersion", "field_unused", a => a with { ApiVersion = "2025-01-01" });
        Account(data, "credential", "credential_missing", a => a with { Credential = null! });
        Account(data, "credential.kind", "credential_kind", a => a with { Credential = new() { Kind = CredentialKind.ApiKey } });
        Account(data, "credential.kind", "value_unknown", a => a with { Credential = new() { Kind = (CredentialKind)77 } });
        Account(data, "credential.fields.secretAccessKey", "credential_field_missing", a => Field(a, "secretAccessKey", null));
        Account(data, "credential.fields.accessKeyId", "credential_not_a_reference", a => Field(a, "accessKeyId", "AKIAIOSFODNN7EXAMPLE"));
        Account(data, "credential.fields.token", "credential_field_unknown", a => Field(a, "token", "env:X"));
        Account(data, "address", "address_refused", a => a with { Address = "bedrock.example" });
        Account(data, "project", "project_missing", a => a with { Project = "" }, 1);
        Account(data, "project", "project_shape", a => a with { Project = "../x" }, 1);
        Account(data, "address", "address_missing", a => a with { Address = "" }, 2);
        Account(data, "address", "address_refused", a => a with { Address = "ftp://example.com" }, 2);
        Account(data, "address", "address_refused", a => a with { Address = "https://u:p@example.com" }, 2);
        Account(data, "address", "address_refused", a => a with { Address = "https://example.com/path" }, 2);
        Account(data, "address", "address_refused", a => a with { Address = "https://①⑥⑨.254.169.254" }, 2);
        Account(data, "address", "address_refused", a => a with { Address = "https://169。254。169。254" }, 2);
        Account(data, "apiVersion", "api_version_shape", a => a with { ApiVersion = "2025&x=1" }, 2);

        Endpoint(data, "id", "id_shape", e => e with { Id = "Bad Id" }, "modelEndpoints[0]");
        Endpoint(data, "account", "reference_dangling", e => e with { Account = "nowhere" });
        Endpoint(data, "breaker", "reference_dangling", e => e with { Breaker = "nowhere" });
        Endpoint(data, "region", "region_missing", e => e with { Region = "" });
        Endpoint(data, "region", "region_shape", e => e with { Region = "evil.example/" });
        Endpoint(data, "model", "model_missing", e => e with { Model = "" });
        Endpoint(data, "model", "model_shape", e => e with { Model = "a/../b" });
        Endpoint(data, "model", "model_shape", e => e with { Model = "a b" });
        Endpoint(data, "model", "too_long", e => e with { Model = new string('m', 257) });
        Endpoint(data, "displayName", "too_long", e => e with { DisplayName = new string('m', 101) });
        Endpoint(data, "capacityClass", "value_unknown", e => e with { CapacityClass = (CapacityClass)9 });
        Endpoint(data, "contextTokens", "out_of_range", e => e with { ContextTokens = -1 });
        Endpoint(data, "maxOutputTokens", "out_of_range", e => e with { MaxOutputTokens = 0 });
        Endpoint(data, "maxOutputTokens", "output_fills_context", e => e with { MaxOutputTokens = 300_000 });
        Endpoint(data, "capabilities[1]", "capability_unknown", e => e with { Capabilities = ["tools", "telepathy"] });
        Endpoint(data, "capabilities[1]", "capability_repeated", e => e with { Capabilities = ["tools", "tools"] });

        Breaker(data, "name", "too_long", b => b with { Name = new string('x', 101) });
        Breaker(data, "windowSeconds", "out_of_range", b => b with { WindowSeconds = 4 });
        Breaker(data, "failurePercent", "out_of_range", b => b with { FailurePercent = 0 });
        Breaker(data, "failurePercent", "failure_limit_unreachable", b => b with { FailurePercent = 90 });
        Breaker(data, "minimumSamples", "out_of_range", b => b with { MinimumSamples = 1 });
        Breaker(data, "consecutiveFailures", "out_of_range", b => b with { ConsecutiveFailures = 101 });
        Breaker(data, "firstTokenP90Ms", "out_of_range", b => b with { FirstTokenP90Ms = -1 });
        Breaker(data, "firstTokenBaselinePercent", "out_of_range", b => b with { FirstTokenBaselinePercent = 109 });
        Breaker(data, "durationP90MsPer100Tokens", "out_of_range", b => b with { DurationP90MsPer100Tokens = -1 });
        Breaker(data, "minimumLatencySamples", "out_of_range", b => b with { MinimumLatencySamples = 9 });
        Breaker(data, "openSeconds", "out_of_range", b => b with { OpenSeconds = 0 });
        Breaker(data, "maxOpenSeconds", "out_of_range", b => b with { MaxOpenSeconds = 3_601 });
        Breaker(data, "maxOpenSeconds", "open_order", b => b with { OpenSeconds = 60, MaxOpenSeconds = 30 });
        Breaker(data, "dwellSeconds", "out_of_range", b => b with { DwellSeconds = 601 });
        Breaker(data, "stepSuccesses", "out_of_range", b => b with { StepSuccesses = 0 });
        Breaker(data, "stepConsecutiveSuccesses", "out_of_range", b => b with { StepConsecutiveSuccesses = 0 });
        Breaker(data, "floorPerSecond", "out_of_range", b => b with { FloorPerSecond = 101 });
        Breaker(data, "failOpenConcurrency", "out_of_range", b => b with { FailOpenConcurrency = -1 });
        Breaker(data, "rampPercent", "ramp_missing", b => b with { RampPercent = default });
        Breaker(data, "rampPercent[1]", "ramp_order", b => b with { RampPercent = [10, 10, 100] });
        Breaker(data, "rampPercent[1]", "ramp_end", b => b with { RampPercent = [10, 50] });
        Breaker(data, "rampPercent[0]", "out_of_range", b => b with { RampPercent = [0, 100] });
        Breaker(data, "rampPercent", "too_many", b => b with { RampPercent = [.. Enumerable.Range(80, 21)] });

        Feature(data, "owner", "too_long", f => f with { Owner = new string('x', 201) });
        Feature(data, "description", "too_long", f => f with { Description = new string('x', 2_001) });
        Feature(data, "firstTokenMs", "out_of_range", f => f with { FirstTokenMs = 99 });
        Feature(data, "totalMs", "out_of_range", f => f with { TotalMs = 3_600_001 });
        Feature(data, "totalMs", "deadline_order", f => f with { TotalMs = 9_000 });
        Feature(data, "maxAttempts", "out_of_range", f => f with { MaxAttempts = 6 });
        Feature(data, "sloFirstTokenMs", "out_of_range", f => f with { SloFirstTokenMs = -1 });
        Feature(data, "sloFirstTokenMs", "slo_beyond_deadline", f => f with { SloFirstTokenMs = 20_000 });
        Feature(data, "delivery", "value_unknown", f => f with { Delivery = (DeliveryMode)9 });
        Feature(data, "delivery", "nobody_to_rescue", f => f with { Delivery = DeliveryMode.Continued, MaxAttempts = 1 });
        Feature(data, "delivery", "nobody_to_rescue", f => f with { Delivery = DeliveryMode.Protected, MaxAttempts = 1 });
        Feature(data, "delivery", "nobody_to_continue", f => f with { Delivery = DeliveryMode.Continued, Candidates = [f.Candidates[0], f.Candidates[3] with { Tier = 2 }] });
        data.Add("features[thread-summary].delivery", "nobody_to_continue", WithFeature(f => f with { Delivery = DeliveryMode.Continued, Residency = ["us"] })
            with { ModelEndpoints = WithEndpoint("bedrock-us-east-1-sonnet-4-5", e => e with { Residency = "us" }).ModelEndpoints });
        Feature(data, "idleMs", "out_of_range", f => f with { IdleMs = 99 });
        Feature(data, "selection", "value_unknown", f => f with { Selection = (SelectionStrategy)9 });
        Feature(data, "affinity", "value_unknown", f => f with { Affinity = (AffinityMode)9 });
        Feature(data, "warmPercent", "out_of_range", f => f with { WarmPercent = 11 });
        Feature(data, "warmPercent", "no_backup", f => f with { WarmPercent = 1, Candidates = [f.Candidates[0] with { Weight = 100 }] });
        Feature(data, "hedgePercent", "out_of_range", f => f with { HedgePercent = 6 });
        Feature(data, "hedgePercent", "no_second_provider", f => f with { HedgePercent = 1, Candidates = [f.Candidates[0] with { Weight = 100 }] });
        Feature(data, "shadowPercent", "out_of_range", f => f with { ShadowPercent = 101 });
        Feature(data, "shadowPercent", "no_shadow", f => f with { ShadowPercent = 5 });
        Feature(data, "shadowPercent", "shadow_idle", f => Shadowed(f) with { ShadowPercent = 0 });
        Feature(data, "candidates", "only_shadows", f => f with { Candidates = [f.Candidates[0] with { Role = CandidateRole.Shadow }] });
        Feature(data, "candidates", "single_candidate", f => Shadowed(f) with { Candidates = [f.Candidates[0], Shadow] });
        Feature(data, "candidates", "weight_sum", f => f with { Candidates = f.Candidates.SetItem(1, f.Candidates[1] with { Role = CandidateRole.Shadow }) });
        Feature(data, "candidates[4].modelEndpoint", "candidate_repeated", f => Shadowed(f) with { Candidates = f.Candidates.Add(Shadow with { ModelEndpoint = f.Candidates[0].ModelEndpoint }) });
        Feature(data, "warmPercent", "no_backup", f => f with { WarmPercent = 1, Candidates = [f.Candidates[0] with { Weight = 100 }, Shadow with { Tier = 2 }] });
        data.Add("features[thread-summary].residency", "shadow_not_resident", WithFeature(f => Shadowed(f) with { Residency = ["us"] })
            with { ModelEndpoints = WithEndpoint("bedrock-us-east-1-sonnet-4-5", e => e with { Residency = "us" }).ModelEndpoints });
        Feature(data, "maxCostMicros", "out_of_range", f => f with { MaxCostMicros = -1 });
        Feature(data, "budgetMicros", "out_of_range", f => f with { BudgetMicros = -1 });
        Feature(data, "budgetAction", "value_unknown", f => f with { BudgetAction = (BudgetAction)9 });
        Feature(data, "budgetCurrency", "currency_shape", f => f with { BudgetCurrency = "usd" });
        Feature(data, "budgetCurrency", "currency_shape", f => f with { BudgetCurrency = null! });
        Feature(data, "budgetCurrency", "budget_currency", f => f with { BudgetMicros = 1, BudgetCurrency = "EUR" });
        data.Add("features[thread-summary].budgetMicros", "budget_unpriced", WithFeature(f => f with { BudgetMicros = 1 }) with { Prices = Valid.Prices.RemoveAt(0) });
        Feature(data, "residency", "null_value", f => f with { Residency = default });
        Feature(data, "residency", "too_many", f => f with { Residency = [.. Enumerable.Repeat("eu", 17)] });
        Feature(data, "residency[0]", "residency_shape", f => f with { Residency = ["EU"] });
        Feature(data, "residency", "nobody_resident", f => f with { Residency = ["eu"] });
        data.Add("features[thread-summary].residency", "not_resident", WithFeature(f => f with { Residency = ["us"] })
            with { ModelEndpoints = WithEndpoint("bedrock-us-east-1-sonnet-4-5", e => e with { Residency = "us" }).ModelEndpoints });
        data.Add("features[thread-summary].selection", "candidate_unpriced", WithFeature(f => f with { Selection = SelectionStrategy.Cheapest }) with { Prices = Valid.Prices.RemoveAt(0) });
        data.Add("features[thread-summary].selection", "currencies_compared", WithFeature(f => f with { Selection = SelectionStrategy.Balanced }) with { Prices = InEuro });
        data.Add("features[thread-summary].maxCostMicros", "currencies_compared", WithFeature(f => f with { MaxCostMicros = 1 }) with { Prices = InEuro });
        data.Add("features[thread-summary].maxCostMicros", "candidate_unpriced", WithFeature(f => f with { MaxCostMicros = 1 }) with { Prices = Valid.Prices.RemoveAt(0) });
        Feature(data, "candidates", "candidates_missing", f => f with { Candidates = [] });
        Feature(data, "candidates", "single_candidate", f => f with { Candidates = [f.Candidates[0]] });
        Feature(data, "candidates", "single_provider", f => f with { Candidates = [f.Candidates[0], f.Candidates[1] with { Weight = 100 }] });
        Feature(data, "candidates", "tier_gap", f => f with { Candidates = [f.Candidates[0], f.Candidates[3]] });
        Feature(data, "candidates", "too_many", f => f with { Candidates = [.. Enumerable.Repeat(f.Candidates[0], 21)] });
        Feature(data, "candidates[1]", "item_missing", f => f with { Candidates = [f.Candidates[0], null!] });
        Feature(data, "candidates[4].modelEndpoint", "candidate_repeated", f => f with { Candidates = f.Candidates.Add(f.Candidates[0] with { Tier = 4 }) });
        Candidate(data, "modelEndpoint", "reference_dangling", c => c with { ModelEndpoint = "nowhere" });
        Candidate(data, "modelEndpoint", "reference_dangling", c => c with { ModelEndpoint = null! });
        Candidate(data, "tier", "out_of_range", c => c with { Tier = 0 });
        Candidate(data, "role", "value_unknown", c => c with { Role = (CandidateRole)9 });

        Caller(data, "name", "too_long", c => c with { Name = new string('x', 101) });
        Caller(data, "keys", "caller_without_key", c => c with { Keys = [] });
        Caller(data, "keys", "too_many", c => c with { Keys = [.. Enumerable.Repeat(c.Keys[0], 21)] });
        Caller(data, "keys[0]", "item_missing", c => c with { Keys = [null!] });
        Caller(data, "keys[0].sha256", "sha256_shape", c => c with { Keys = [new() { Sha256 = new string('A', 64) }] });
        Caller(data, "keys[0].prefix", "prefix_shape", c => c with { Keys = [c.Keys[0] with { Prefix = new string('k', 17) }] });
        Caller(data, "keys[1].sha256", "key_repeated", c => c with { Keys = [c.Keys[0], c.Keys[0]] });
        Caller(data, "features", "caller_without_feature", c => c with { Features = [] });
        Caller(data, "features", "null_value", c => c with { Features = default });
        Caller(data, "keys", "null_value", c => c with { Keys = default });
        Endpoint(data, "capabilities", "null_value", e => e with { Capabilities = default });
        Endpoint(data, "residency", "residency_shape", e => e with { Residency = "e u" });
        Endpoint(data, "requestsPerMinute", "out_of_range", e => e with { RequestsPerMinute = -1 });
        Endpoint(data, "tokensPerMinute", "out_of_range", e => e with { TokensPerMinute = -1 });
        Endpoint(data, "region", "null_value", e => e with { Region = null! });
        Account(data, "credential.fields", "null_value", a => a with { Credential = a.Credential with { Fields = null! } });
        data.Add("features", "null_value", Valid with { Features = default });
        Caller(data, "features[1]", "reference_dangling", c => c with { Features = ["*", "nowhere"] });

        Price(data, "modelEndpoint", "reference_dangling", p => p with { ModelEndpoint = "nowhere" });
        Price(data, "currency", "currency_shape", p => p with { Currency = "usd" });
        Price(data, "from", "out_of_range", p => p with { From = default });
        Price(data, "input", "out_of_range", p => p with { Input = -1 });
        Price(data, "output", "out_of_range", p => p with { Output = long.MaxValue });
        Price(data, "cacheRead", "out_of_range", p => p with { CacheRead = -1 });
        Price(data, "cacheWrite", "out_of_range", p => p with { CacheWrite = 1_000_000_000_001 });
        data.Add("prices[12].from", "price_repeated", Valid with { Prices = Valid.Prices.Add(Valid.Prices[0]) });
        data.Add("prices[12].currency", "currency_mixed", Valid with { Prices = Valid.Prices.Add(Valid.Prices[0] with { From = SampleWorld.Day.AddDays(9), Currency = "EUR" }) });
        data.Add("prices[12]", "item_missing", Valid with { Prices = Valid.Prices.Add(null!) });
        data.Add("modelEndpoints[bedrock-us-east-1-sonnet-4-5]", "endpoint_unpriced", Valid with { Prices = Valid.Prices.RemoveAt(0) });
        Endpoint(data, "family", "family_unfit", e => e with { Family = ModelFamily.Embedding });
        Endpoint(data, "model", "model_elsewhere", e => e with { Model = "gemini-2.5-flash" });
        data.Add("modelEndpoints[bedrock-us-east-1-sonnet-4-5]", "endpoint_unused", Valid with { Features = [] });
        return data;
    }

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Validate_OneFault_NamesItsPathAndCode(string path, string code, RoutingSnapshot snapshot)
    {
        var problems = SnapshotValidator.Validate(snapshot);
        Assert.Contains(problems, p => p.Path == path && p.Code == code);
        Assert.All(problems, p => Assert.Matches("[.]$", p.Message));
    }

    [Fact]
    public void Validate_AShadowBesideTheCandidates_WeighsNothingAndIsInNoTier() =>
        Assert.Empty(SnapshotValidator.Validate(WithFeature(f => Shadowed(f) with { Candidates = f.Candidates.Add(Shadow with { Tier = 9, Weight = 40 }) })));

    [Theory]
    [InlineData("failure_limit_unreachable")]
    [InlineData("endpoint_unpriced")]
    [InlineData("endpoint_unused")]
    [InlineData("nobody_to_rescue")]
    [InlineData("nobody_to_continue")]
    [InlineData("no_backup")]
    [InlineData("no_second_provider")]
    [InlineData("not_resident")]
    [InlineData("candidate_unpriced")]
    [InlineData("single_candidate")]
    [InlineData("single_provider")]
    [InlineData("caller_without_key")]
    public void Validate_WorksButIsProbablyNotMeant_IsAWarning(string code)
    {
        var snapshot = (RoutingSnapshot)Faults().First(row => (string)row[1] == code)[2];
        Assert.All(SnapshotValidator.Validate(snapshot).Where(p => p.Code == code), p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
    }

    [Theory]
    [InlineData(1, 2, "only one attempt is made")]
    [InlineData(3, 1, "there is one candidate")]
    [InlineData(2, 2, null)]
    public void Validate_HeldBackWithNobodyToRescue_SaysWhy(int attempts, int candidates, string? why)
    {
        var feature = Valid.Features[0] with { Delivery = DeliveryMode.Protected, MaxAttempts = attempts, Candidates = Valid.Features[0].Candidates[..candidates] };
        var problem = SnapshotValidator.Validate(Valid with { Features = Valid.Features.SetItem(0, feature) }).SingleOrDefault(p => p.Code == "nobody_to_rescue");
        Assert.Equal(why is null, problem is null);
        if (why is not null) Assert.Contains($"but {why}.", problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thread-summary", null)]
    [InlineData("search-answer", null)]
    [InlineData("channel-recap", "When an answer of Nova Lite on Bedrock us-east-1 or Nova Lite on Bedrock us-west-2 breaks, no other candidate can go on from it. Add one that takes up a begun turn: a Claude model before 4.6, or a server with the quirk 'prefill'.")]
    public void Validate_Continued_WarnsWhereNobodyGoesOnFromTheFirst(string name, string? message)
    {
        var at = Valid.Features.Select(f => f.Name).ToList().IndexOf(name);
        var problems = SnapshotValidator.Validate(Valid with { Features = Valid.Features.SetItem(at, Valid.Features[at] with { Delivery = DeliveryMode.Continued }) });
        Assert.Equal(message, problems.SingleOrDefault()?.Message);
    }

    [Theory]
    [InlineData("azure-eastus2-gpt-4.1", ModelFamily.Claude, "Azure OpenAI has no wire for a Claude model; it takes a chat model or an embedding model. Choose one of them, or another account.")]
    [InlineData("vertex-us-east5-gemini-2.5-flash", ModelFamily.CohereEmbedding, "Vertex AI has no wire for a Cohere embedding model; it takes a chat model, a Claude model or an embedding model. Choose one of them, or another account.")]
    public void Validate_FamilyTheProviderLacks_SaysWhichItTakes(string endpoint, ModelFamily family, string message) =>
        Assert.Equal(new SnapshotProblem($"modelEndpoints[{endpoint}].family", "family_unfit", message), Assert.Single(SnapshotValidator.Validate(WithEndpoint(endpoint, e => e with { Family = family }))));

    [Theory]
    [InlineData("bedrock-us-east-1-nova-lite", "gemini-2.5-flash", "Vertex AI", "Bedrock")]
    [InlineData("vertex-us-east5-gemini-2.5-flash", "anthropic.claude-sonnet-4-5-20250929-v1:0", "Bedrock", "Vertex AI")]
    [InlineData("vertex-us-east5-gemini-2.5-flash", "gpt-4.1", "OpenAI", "Vertex AI")]
    public void Validate_ModelNamedAsByAnotherCloud_IsAWarning(string endpoint, string model, string home, string provider) => Assert.Equal(
        new SnapshotProblem($"modelEndpoints[{endpoint}].model", "model_elsewhere", $"'{model}' is a name of {home}, not of {provider}. Write the model as the provider does, or choose another account.", ProblemSeverity.Warning),
        Assert.Single(SnapshotValidator.Validate(WithEndpoint(endpoint, e => e with { Model = model }))));

    [Fact]
    public void Validate_DeploymentNamedLikeAnotherMakersModel_IsTheDeploymentsOwnAffair() =>
        Assert.Empty(SnapshotValidator.Validate(WithEndpoint("azure-eastus2-gpt-4.1", e => e with { Model = "gemini-or-whatever" })));

    [Theory]
    [InlineData("An account on Azure OpenAI takes an API key, a federated identity or an ambient identity; this one has AWS keys.", CredentialKind.AwsKeys)]
    [InlineData("An account on Azure OpenAI takes an API key, a federated identity or an ambient identity; this one has no credential.", CredentialKind.None)]
    public void Validate_CredentialOfAnotherCloud_SpeaksInTheProductsWords(string message, CredentialKind kind) =>
        Assert.Equal(message, Assert.Single(SnapshotValidator.Validate(Valid with { Accounts = Valid.Accounts.SetItem(2, Valid.Accounts[2] with { Credential = new() { Kind = kind } }) })).Message);

    [Fact]
    public void Validate_SecretPastedAsAReference_IsNeverRepeated()
    {
        var snapshot = Valid with { Accounts = Valid.Accounts.SetItem(0, Field(Valid.Accounts[0], "secretAccessKey", "wJalrXUtnFEMIK7MDENGbPxRfiCY")) };
        var problems = SnapshotValidator.Validate(snapshot);
        Assert.Single(problems);
        Assert.DoesNotContain("wJalrXUtn", string.Concat(problems.Select(p => p.Message + p.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sealed:bedrock#accessKeyId", true)]
    [InlineData("env:AWS_KEY", true)]
    [InlineData("file:/run/secrets/key", true)]
    [InlineData("sealed:bedrock", false)]
    [InlineData("sealed:#x", false)]
    [InlineData("sealed:a#", false)]
    [InlineData("sealed:../a#x", false)]
    [InlineData("env:", false)]
    [InlineData("env:1X", false)]
    [InlineData("env:A B", false)]
    [InlineData("file:", false)]
    [InlineData("file:/a\u0000b", false)]
    [InlineData("http://169.254.169.254/", false)]
    [InlineData("Sealed:a#b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Validate_CredentialReference_HasOneOfThreeShapes(string? value, bool isValid)
    {
        var snapshot = Valid with { Accounts = Valid.Accounts.SetItem(0, Field(Valid.Accounts[0], "sessionToken", value)) };
        if (value is null) snapshot = Valid with { Accounts = Valid.Accounts.SetItem(0, NullField(Valid.Accounts[0])) };
        Assert.Equal(isValid, SnapshotValidator.Validate(snapshot).IsEmpty);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5300")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://localhost")]
    [InlineData("https://models.example.com:8443")]
    public void Validate_AddressWithoutAllowance_IsRefusedByTheEdgeThatLacksIt(string address)
    {
        var snapshot = Valid with { Accounts = Valid.Accounts.SetItem(2, Valid.Accounts[2] with { Address = address }) };
        Assert.Contains(SnapshotValidator.Validate(snapshot, new AddressRules([])), p => p.Code == "address_refused");
        Assert.Empty(SnapshotValidator.Validate(snapshot, rules: null));
        var uri = new Uri(address);
        Assert.Empty(SnapshotValidator.Validate(snapshot, new AddressRules([$"{uri.IdnHost}:{uri.Port}"])));
    }

    [Fact]
    public void Validate_CloudsOwnAddressReplaced_NeedsAnAllowanceEvenIfPublic()
    {
        var snapshot = Valid with { Accounts = Valid.Accounts.SetItem(0, Valid.Accounts[0] with { Address = "https://collector.example.com" }) };
        Assert.Equal("address_refused", Assert.Single(SnapshotValidator.Validate(snapshot, new AddressRules([]))).Code);
        Assert.Empty(SnapshotValidator.Validate(snapshot, new AddressRules(["collector.example.com:443"])));
    }

    [Fact]
    public void Validate_TooMuchOfEverything_SaysHowMuchIsAllowed()
    {
        var snapshot = new RoutingSnapshot
        {
            Accounts = [.. Enumerable.Range(0, 501).Select(i => Valid.Accounts[0] with { Id = $"a{i}" })],
            Features = [.. Enumerable.Range(0, 5_001).Select(i => new FeatureConfig { Name = $"f{i}" })],
        };
        var problems = SnapshotValidator.Validate(snapshot);
        Assert.Contains(problems, p => p.Path == "features" && p.Message == "There are 5,001 features; at most 5,000.");
        Assert.Contains(problems, p => p.Path == "accounts" && p.Code == "too_many");
        Assert.Equal(1_001, problems.Length);
        Assert.Equal("too_many_problems", problems[^1].Code);
    }

    [Fact]
    public void CheckSize_AboveTwentyMegabytes_IsRefused()
    {
        Assert.Null(SnapshotValidator.CheckSize(SnapshotValidator.MaxDocumentBytes));
        Assert.Equal("document_too_large", SnapshotValidator.CheckSize(SnapshotValidator.MaxDocumentBytes + 1)?.Code);
    }

    [Fact]
    public void Validate_BuiltInPolicy_IsValid() =>
        Assert.Empty(SnapshotValidator.Validate(new RoutingSnapshot { Breakers = [BreakerPolicyConfig.Default] }));

    private static ProviderAccountConfig Field(ProviderAccountConfig account, string name, string? value) => account with
    {
        Credential = account.Credential with
        {
            Fields = value is null ? account.Credential.Fields.Remove(name) : account.Credential.Fields.SetItem(name, value),
        },
    };

    private static ProviderAccountConfig NullField(ProviderAccountConfig account) =>
        account with { Credential = account.Credential with { Fields = account.Credential.Fields.SetItem("sessionToken", null!) } };

    private static RoutingSnapshot WithEndpoint(string id, Func<ModelEndpointConfig, ModelEndpointConfig> change) =>
        Valid with { ModelEndpoints = [.. Valid.ModelEndpoints.Select(e => e.Id == id ? change(e) : e)] };

    private static RoutingSnapshot WithCandidate(Func<CandidateConfig, CandidateConfig> change) =>
        WithFeature(f => f with { Candidates = f.Candidates.SetItem(0, change(f.Candidates[0])) });

    private static RoutingSnapshot WithFeature(Func<FeatureConfig, FeatureConfig> change) =>
        Valid with { Features = Valid.Features.SetItem(0, change(Valid.Features[0])) };

    private static void Account(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<ProviderAccountConfig, ProviderAccountConfig> change, int at = 0) =>
        data.Add($"accounts[{Valid.Accounts[at].Id}].{path}", code, Valid with { Accounts = Valid.Accounts.SetItem(at, change(Valid.Accounts[at])) });

    private static void Endpoint(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<ModelEndpointConfig, ModelEndpointConfig> change, string? at = null) =>
        data.Add($"{at ?? "modelEndpoints[bedrock-us-east-1-sonnet-4-5]"}.{path}", code, Valid with { ModelEndpoints = Valid.ModelEndpoints.SetItem(0, change(Valid.ModelEndpoints[0])) });

    private static void Breaker(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<BreakerPolicyConfig, BreakerPolicyConfig> change) =>
        data.Add($"breakers[interactive].{path}", code, Valid with { Breakers = Valid.Breakers.SetItem(0, change(Valid.Breakers[0])) });

    private static readonly CandidateConfig Shadow = new() { ModelEndpoint = "azure-swedencentral-gpt-4.1", Role = CandidateRole.Shadow };

    private static FeatureConfig Shadowed(FeatureConfig feature) => feature with { ShadowPercent = 5, Candidates = feature.Candidates.Add(Shadow) };

    [Fact]
    public void Validate_BudgetInTheCurrencyOfTheLastPrice_AnEarlierOneDoesNotMatter()
    {
        var euros = WithFeature(f => f with { BudgetMicros = 1, BudgetCurrency = "EUR" });
        euros = euros with { Prices = euros.Prices.AddRange(euros.Prices.Select(p => p with { From = p.From.AddDays(1), Currency = "EUR" })) };
        Assert.DoesNotContain(SnapshotValidator.Validate(euros), p => p.Code == "budget_currency");
    }

    private static void Feature(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<FeatureConfig, FeatureConfig> change) =>
        data.Add($"features[thread-summary].{path}", code, WithFeature(change));

    private static void Candidate(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<CandidateConfig, CandidateConfig> change) =>
        data.Add($"features[thread-summary].candidates[0].{path}", code, WithCandidate(change));

    private static void Caller(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<CallerConfig, CallerConfig> change) =>
        data.Add($"callers[web].{path}", code, Valid with { Callers = Valid.Callers.SetItem(0, change(Valid.Callers[0])) });

    private static void Price(TheoryData<string, string, RoutingSnapshot> data, string path, string code, Func<PriceConfig, PriceConfig> change) =>
        data.Add($"prices[0].{path}", code, Valid with { Prices = Valid.Prices.SetItem(0, change(Valid.Prices[0])) });
}
