namespace Routing.Core.Tests.Budgets;

/// <summary>Both ways in which budgets fail: spending past them, and refusing before them.</summary>
public sealed class BudgetFleetTests
{
    private const long Budget = 2_000_000_000;

    // By what calls under way at the end, about 200 of them at most, may cost more than the mean that was set aside for each.
    private const long Late = 200 * (BudgetFleet.MostCost - 11_000);

    public static TheoryData<int, double[]> Fleets => new()
    {
        { 1, [1] }, { 2, [1, 1] }, { 3, [97, 3] }, { 4, [70, 20, 9, 1] }, { 5, [1, 1, 1, 1, 1, 1, 1, 1] },
    };

    /// <summary>Eight calls of ten fit. The whole month takes an hour here: what the beats are late weighs seven hundred times as much as it does.</summary>
    [Theory]
    [MemberData(nameof(Fleets))]
    public void Run_PastTheBudget_StopsAtItAndNotBefore(int seed, double[] weights)
    {
        var fleet = new BudgetFleet(seed, Budget, weights);
        fleet.Run(225_000, perSecond: 50);
        fleet.Settle();

        Assert.InRange(fleet.TrueSpent, Budget * 99 / 100, Budget + Late);
        Assert.True(fleet.MostLeftAtRefusal <= Budget / 100, $"a call was refused while {fleet.MostLeftAtRefusal} were left");
        Assert.Equal((fleet.TrueSpent, fleet.TrueSpent, 0), (fleet.Counted, fleet.Ingested, fleet.SetAside));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Join_MidMonth_RefusesNobody(int old)
    {
        var fleet = new BudgetFleet(seed: old, Budget, [.. Enumerable.Repeat(1.0, old)]);
        fleet.Run(60_000, perSecond: 50);
        for (var i = 0; i < 4; i++)
        {
            fleet.Join(1);
            fleet.Run(20_000, perSecond: 50);
        }

        Assert.Equal(0, fleet.Refused);
        fleet.Run(80_000, perSecond: 50);
        fleet.Settle();
        Assert.InRange(fleet.TrueSpent, Budget * 99 / 100, Budget + Late);
        Assert.True(fleet.MostLeftAtRefusal <= Budget / 100, $"a call was refused while {fleet.MostLeftAtRefusal} were left");
    }

    [Fact]
    public void Run_AMillionCallsWithinTheBudget_RefusesNone()
    {
        var fleet = new BudgetFleet(seed: 6, Budget * 6, 5, 3, 1, 1);
        fleet.Run(1_000_000, perSecond: 200);
        fleet.Settle();
        Assert.Equal((1_000_000, 0, 0), (fleet.Served, fleet.Refused, fleet.SetAside));
        Assert.Equal(fleet.TrueSpent, fleet.Counted);
    }

    [Fact]
    public void Run_MoneyIsSpentInEqualParts_LeasesStayAndAreHardlyEverWritten()
    {
        var fleet = new BudgetFleet(seed: 7, Budget, 1, 1, 1, 1);
        fleet.Run(100_000, perSecond: 200);
        Assert.InRange(fleet.Writes, 4, 60); // Of a thousand beats.
    }

    [Theory]
    [MemberData(nameof(Fleets))]
    public void Run_TheControlPlaneIsAway_EachGoesOnWithinItsPart(int seed, double[] weights)
    {
        var fleet = new BudgetFleet(seed, Budget, weights);
        fleet.Run(30_000, perSecond: 200);
        fleet.IsAway = true;
        fleet.Run(60_000, perSecond: 200);
        Assert.Equal(0, fleet.Refused);
        fleet.Run(200_000, perSecond: 200);
        Assert.InRange(fleet.TrueSpent, 0, Budget + Late);
        fleet.IsAway = false;
        fleet.Run(200_000, perSecond: 200);
        fleet.Settle();
        Assert.InRange(fleet.TrueSpent, Budget * 99 / 100, Budget + Late);
    }

    /// <summary>A network that recovers in steps: all edges were well the whole time, and hold leases that nobody else may be handed.</summary>
    [Fact]
    public void Run_AfterHoursWithoutTheControlPlaneOneEdgeHearsItFirst_IsNotHandedTheLeasesOfTheOthers()
    {
        var fleet = new BudgetFleet(seed: 11, Budget, 2, 1, 1);
        fleet.Run(90_000, perSecond: 50);
        fleet.IsAway = true;
        fleet.Run(7_200, perSecond: 1);
        fleet.IsAway = false;
        fleet.CutOff(1, TimeSpan.FromMinutes(45));
        fleet.CutOff(2, TimeSpan.FromMinutes(45));
        fleet.Run(110_000, perSecond: 50);
        Assert.InRange(fleet.TrueSpent, 0, Budget + Late);
        fleet.Run(20_000, perSecond: 50);
        fleet.Settle();
        Assert.InRange(fleet.TrueSpent, Budget * 99 / 100, Budget + Late);
    }

    /// <summary>The hour is one of hearing: half of it before the outage, half behind.</summary>
    [Fact]
    public void Run_AnEdgeIsLostForGood_ItsLeaseIsSpentByTheOthersAfterAnHourOfHearing()
    {
        var fleet = new BudgetFleet(seed: 12, Budget, 1, 1, 1);
        fleet.Run(45_000, perSecond: 50);
        fleet.Lose(2);
        fleet.Run(1_900, perSecond: 1);
        fleet.IsAway = true;
        fleet.Run(7_200, perSecond: 1);
        fleet.IsAway = false;
        fleet.Run(150_000, perSecond: 100);
        Assert.True(fleet.Refused > 0, "its lease should be nobody's yet");
        Assert.InRange(fleet.TrueSpent, 0, Budget * 85 / 100);
        fleet.Run(500, perSecond: 1);
        fleet.Run(80_000, perSecond: 100);
        fleet.Settle();
        Assert.InRange(fleet.TrueSpent, Budget * 97 / 100, Budget + Late);
    }

    [Fact]
    public void Run_EdgesAreKilledAgainAndAgain_NothingStaysSetAsideAndTheBudgetHolds()
    {
        var fleet = new BudgetFleet(seed: 9, Budget, 3, 2, 1);
        for (var i = 0; i < 60; i++)
        {
            fleet.Run(5_000, perSecond: 200);
            fleet.Kill(i % 3);
        }

        fleet.Settle();

        // What one edge spends between two beats is forgotten for as long as it takes to be ingested.
        Assert.InRange(fleet.TrueSpent, Budget * 97 / 100, Budget * 101 / 100);
        Assert.Equal(0, fleet.SetAside);
    }

    [Fact]
    public void Run_KilledWhileTheControlPlaneIsAway_KnowsFromItsFileHowFarItWas()
    {
        var fleet = new BudgetFleet(seed: 10, Budget, 1, 1);
        fleet.Run(100_000, perSecond: 200);
        fleet.IsAway = true;
        for (var i = 0; i < 20; i++)
        {
            fleet.Run(10_000, perSecond: 200);
            fleet.Kill(i % 2);
        }

        Assert.InRange(fleet.TrueSpent, Budget * 97 / 100, Budget * 101 / 100);
    }
}
