using Routing.Core.Budgets;

namespace Routing.Core.Tests.Budgets;

public sealed class LeaseShareTests
{
    [Fact]
    public void UpTo_NobodyHasSpent_EqualParts() => Assert.Equal(250, LeaseShare.UpTo(1_000, default, [default, default, default], 4));

    [Fact]
    public void UpTo_OneEdge_IsAllThatIsLeft() => Assert.Equal(1_000, LeaseShare.UpTo(1_000, new EdgePart(400, 0), [], 1));

    [Fact]
    public void UpTo_HalfByWhatItSpent_HalfEqual() =>
        Assert.Equal(300_000 + (600_000 * (0.5 + (325.0 / 450)) / 2), LeaseShare.UpTo(1_000_000, new EdgePart(300_000, 0), [new EdgePart(100_000, 100_000)], 2), 1.0);

    [Fact]
    public void UpTo_AboutRight_Stays() => Assert.Equal(460, LeaseShare.UpTo(1_000, new EdgePart(100, 460), [new EdgePart(100, 500)], 2));

    [Fact]
    public void UpTo_OthersMaySpendTheRest_StopsWhereItIs() => Assert.Equal(100, LeaseShare.UpTo(1_000, new EdgePart(100, 100), [new EdgePart(0, 900)], 2));

    [Fact]
    public void UpTo_AnEdgeJoined_ShrinksNoFurtherThanToItsOwnShare() =>
        Assert.Equal(333, LeaseShare.UpTo(1_000, new EdgePart(0, 500), [new EdgePart(0, 500), new EdgePart(0, 333)], 3));

    [Fact]
    public void UpTo_JoinsAFullFleet_HasItsShareAtOnceButNoMoreThanItBelieves() =>
        Assert.Equal((333, 300), (LeaseShare.UpTo(1_000, new EdgePart(0, 333), [new EdgePart(0, 500), new EdgePart(0, 500)], 3), LeaseShare.UpTo(1_000, new EdgePart(0, 300), [new EdgePart(0, 500), new EdgePart(0, 500)], 3)));

    [Fact]
    public void UpTo_AnEdgeJoinedWhileAnotherIsSilent_SharesWhatTheSilentOneCannotSpend() =>
        Assert.Equal(200, LeaseShare.UpTo(1_000, new EdgePart(0, 300), [new EdgePart(0, 300), new EdgePart(0, 200), new EdgePart(0, 400, IsSilent: true)], 3));

    [Fact]
    public void UpTo_TheBudgetWasLowered_TakesTheLeaseBack() => Assert.Equal(400, LeaseShare.UpTo(500, new EdgePart(400, 700), [new EdgePart(200, 300)], 2));

    [Fact]
    public void UpTo_OneMicroUnitIsLeft_IsNotRoundedAway() => Assert.Equal(500, LeaseShare.UpTo(1_000, new EdgePart(499, 499), [new EdgePart(500, 500)], 2));

    [Fact]
    public void UpTo_AnyStateInWhichAllFit_AllStillFit()
    {
        var random = new Random(35);
        for (var round = 0; round < 100_000; round++)
        {
            var budget = random.NextInt64(1, 1_000_000_000);
            var (left, parts) = (budget, new EdgePart[random.Next(1, 8)]);
            for (var i = 0; i < parts.Length; i++)
            {
                var upTo = random.NextInt64(left + 1);
                parts[i] = new EdgePart(random.NextInt64(upTo + 1), upTo);
                left -= upTo;
            }

            var told = LeaseShare.UpTo(budget, parts[0], parts.AsSpan(1), parts.Length);
            var all = told + parts[1..].Sum(p => p.Taken);
            Assert.True(told >= parts[0].Spent, $"round {round}: {told} is less than was spent");
            Assert.True(all <= budget, $"round {round}: {all} of {budget} are handed out");
        }
    }
}
