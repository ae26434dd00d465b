using Microsoft.Extensions.Logging.Abstractions;
using Routing.Core.Budgets;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Edge.Usage;
using TestKit;

namespace Routing.Edge.Tests.Usage;

public sealed class BudgetKeeperTests : IDisposable
{
    private const int November = 2026_11;

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Restore_AnotherProcess_GoesOnWhereTheFirstWas()
    {
        var before = Table();
        Spend(before).Hear(November, 700, 1_000);
        Keeper(before).Keep();

        var after = Table();
        Keeper(after).Restore();

        Assert.Equal((700, 1_000, 0), (Spend(after).Spent(November), Spend(after).UpTo(November), Spend(after).Reserved(November)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public void Restore_AnotherProcess_KnowsWhetherTheWholeWasSpent(bool? isSpent)
    {
        var before = Table();
        Keeper(before).Hear([new BudgetLease("f", "USD", November, 700, 700, isSpent)]);
        Keeper(before).Keep();

        var after = Table();
        Keeper(after).Restore();

        Assert.Equal(isSpent, Spend(after).IsWholeSpent(November));
        Assert.Equal(new BudgetLease("f", "USD", November, 700, 700, isSpent), Assert.Single(Keeper(after).Read()));
    }

    /// <summary>As the version before wrote it.</summary>
    [Fact]
    public void Restore_AFileWithoutTheWord_GoesOn()
    {
        File.WriteAllText(_folder.File("budgets"), """[{"feature":"f","currency":"USD","month":202611,"spent":700,"upTo":1000}]""");
        var table = Table();
        Keeper(table).Restore();
        Assert.Equal((700, 1_000, null), (Spend(table).Spent(November), Spend(table).UpTo(November), Spend(table).IsWholeSpent(November)));
    }

    [Fact]
    public void Restore_TwiceOrBeforeThereIsATable_CountsOnce()
    {
        var before = Table();
        Spend(before).Hear(November, 700, null);
        Keeper(before).Keep();

        var empty = new CurrentTable();
        var keeper = Keeper(empty);
        keeper.Restore();
        keeper.Keep(); // Must not write over what it could not place yet.
        Assert.True(empty.TrySwap(Table().Value!));
        keeper.Keep();
        keeper.Restore();

        Assert.Equal((700, null), (Spend(empty).Spent(November), Spend(empty).UpTo(November)));
    }

    [Fact]
    public void Restore_TheFileIsNoJson_BeginsWithNothing()
    {
        File.WriteAllText(_folder.File("budgets"), "{");
        var table = Table();
        Keeper(table).Restore();
        Assert.Equal(0, Spend(table).Spent(November));
    }

    [Fact]
    public void Read_AnAccountOfThisMonth_SaysWhatItSpentAndHolds()
    {
        var table = Table();
        Spend(table).Hear(2026_10, 9, 9);
        Spend(table).Hear(November, 5, 80);
        Assert.Equal(new BudgetLease("f", "USD", November, 5, 80), Assert.Single(Keeper(table).Read()));
    }

    [Theory]
    [InlineData("g", "USD", November)]
    [InlineData("f", "EUR", November)]
    [InlineData("f", "USD", 2026_13)]
    [InlineData("f", "USD", -1)]
    public void Hear_NotOfAnAccountInUse_IsPassedOver(string feature, string currency, int month)
    {
        var table = Table();
        Keeper(table).Hear([new BudgetLease(feature, currency, month, 5, 80)]);
        Assert.Equal((0, null), (Spend(table).Spent(November), Spend(table).UpTo(November)));
    }

    public void Dispose() => _folder.Dispose();

    private BudgetKeeper Keeper(CurrentTable table) => new(table, new EdgeOptions { DataDirectory = Path.GetDirectoryName(_folder.File("budgets"))! }, _time, NullLogger<BudgetKeeper>.Instance); // A file has a folder.

    private static FeatureSpend Spend(CurrentTable table) => table.Value!.Features["f"].MonthlyBudget!.Spend; // Made with one.

    private CurrentTable Table()
    {
        var snapshot = new RoutingSnapshot
        {
            Accounts = [new ProviderAccountConfig { Id = "a", Provider = ProviderKind.OpenAICompatible, Address = "https://example.com", Credential = new CredentialConfig { Kind = CredentialKind.None } }],
            ModelEndpoints = [new ModelEndpointConfig { Id = "e", Account = "a", Model = "m" }],
            Features = [new FeatureConfig { Name = "f", BudgetMicros = 10_000, BudgetAction = BudgetAction.Stop, Candidates = [new CandidateConfig { ModelEndpoint = "e" }] }],
        };
        var current = new CurrentTable();
        Assert.True(current.TrySwap(new RoutingTableCompiler(new EndpointHealthRegistry(_time, seed: 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), seed: 1).Compile(snapshot, new EdgeOverlay(), "e")));
        return current;
    }
}
