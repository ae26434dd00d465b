using System.ClientModel;
using System.Globalization;
using System.Net;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A revision that loses much takes a second word: where an administrator is asked for it, by the keyboard alone, in both themes.</summary>
public sealed class LossesTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    // Each test ends features of its own.
    private static readonly string[] Ended = ["translate", "huddle-notes"];
    private static readonly string[] EndedAtOnce = ["channel-recap", "search-answer"];
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] Themes = ["dark", "light"];

    [Fact]
    public async Task Rollout_EdgeWasAwayWhileMuchWent_RefusesUntilConfirmedOnThePanel()
    {
        await using var edge = new SecondEdge(browser.Product);
        var page = await browser.OpenAsync("light");
        var features = await FeaturesAsync(page);
        edge.Start(await EnrolAsync(page));
        await RunsAsync(page, "edge-2", await LiveAsync(page));
        await edge.StopAsync();
        foreach (var feature in Ended) await PublishWithoutAsync(page, feature);
        edge.Start();
        var live = await LiveAsync(page);

        foreach (var theme in Themes)
        {
            var panel = await browser.OpenAsync(theme);
            await panel.GotoAsync($"/revisions/{live}");
            await Assertions.Expect(panel.Locator("li.refused")).ToContainTextAsync($"2 of {features} features are gone", new() { Timeout = (float)StepLimit.TotalMilliseconds });
            await DialogKeys.OpenAsync(panel, panel.GetByTestId("confirm-losses"));
            Assert.Equal("", await PageChecks.ViolationsAsync(panel));
            await DialogKeys.EscapeAsync(panel, panel.GetByTestId("confirm-losses"));
            await panel.Context.CloseAsync();
        }

        Assert.Equal(HttpStatusCode.OK, await edge.ChatAsync(Ended[0]));
        await page.GotoAsync($"/revisions/{live}");
        await DialogKeys.OpenAsync(page, page.GetByTestId("confirm-losses"));
        await DialogKeys.PressAsync(page, "Confirm what is gone");
        await Assertions.Expect(DialogKeys.Dialog(page).GetByText("of at least 10 characters")).ToBeVisibleAsync();
        await DialogKeys.Dialog(page).GetByLabel("Reason").FocusAsync();
        await page.Keyboard.TypeAsync("Both features ended.");
        await DialogKeys.PressAsync(page, "Confirm what is gone");
        await Assertions.Expect(page.GetByTestId("rollout-count")).ToHaveTextAsync("2 of 2 edges run it", new() { Timeout = (float)StepLimit.TotalMilliseconds });
        await Assertions.Expect(page.GetByTestId("confirm-losses")).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.NotFound, await edge.ChatAsync(Ended[0]));
    }

    [Fact]
    public async Task Publish_MuchIsGone_AsksAndPublishesOnlyWhenConfirmed()
    {
        var page = await browser.OpenAsync("light");
        var (before, features) = (await LiveAsync(page), await FeaturesAsync(page));
        foreach (var feature in EndedAtOnce) await DeleteAsync(page, feature);

        foreach (var theme in Themes)
        {
            var asked = await browser.OpenAsync(theme);
            await asked.GotoAsync("/publish");
            await DialogKeys.OpenAsync(asked, asked.GetByTestId("publish"));
            await Assertions.Expect(DialogKeys.Dialog(asked)).ToContainTextAsync($"2 of {features} features are gone. Confirm that this is meant. Callers of what is gone");
            Assert.Equal("", await PageChecks.ViolationsAsync(asked));
            await DialogKeys.EscapeAsync(asked, asked.GetByTestId("publish"));
            await asked.Context.CloseAsync();
        }

        Assert.Equal(before, await LiveAsync(page));
        await DialogKeys.OpenAsync(page, page.GetByTestId("publish"));
        await DialogKeys.PressAsync(page, "Publish and let the edges follow");
        await Assertions.Expect(page.GetByTestId("live-revision")).ToHaveTextAsync($"r{before + 1} is live");
        await RunsAsync(page, "edge-1", before + 1);
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => new FeatureClient(browser.Product, EndedAtOnce[0]).AskAsync("Hello."));
        Assert.Equal(404, refused.Status);
    }

    private static async Task<string> EnrolAsync(IPage page)
    {
        await page.GotoAsync("/edges");
        await DialogKeys.OpenAsync(page, page.GetByTestId("enrol-edge"));
        await DialogKeys.PressAsync(page, "Make a token");
        return await page.GetByTestId("enrolment").Locator("code").First.InnerTextAsync();
    }

    private static async Task DeleteAsync(IPage page, string feature)
    {
        await page.GotoAsync($"/features/{feature}/edit");
        await DialogKeys.OpenAsync(page, page.GetByTestId("delete-feature"));
        await DialogKeys.PressAsync(page, "Delete feature");
        await page.WaitForURLAsync(url => !url.Contains("/edit", StringComparison.Ordinal));
    }

    private static async Task PublishWithoutAsync(IPage page, string feature)
    {
        var before = await LiveAsync(page);
        await DeleteAsync(page, feature);
        await page.GotoAsync("/publish");
        var live = page.GetByTestId("live-revision");
        // A click before the circuit stands is lost.
        await Poll.UntilAsync($"r{before + 1} is live", StepLimit, async () =>
        {
            if (await live.InnerTextAsync() == $"r{before + 1} is live") return true;
            if (await page.GetByTestId("publish").IsEnabledAsync()) await page.GetByTestId("publish").ClickAsync();
            return false;
        });
        await RunsAsync(page, "edge-1", before + 1);
    }

    private static async Task<long> LiveAsync(IPage page)
    {
        await page.GotoAsync("/publish");
        var text = await page.GetByTestId("live-revision").InnerTextAsync();
        return long.Parse(text.Split(' ')[0][1..], CultureInfo.InvariantCulture);
    }

    private static async Task RunsAsync(IPage page, string edge, long revision)
    {
        await page.GotoAsync("/edges");
        // By the name alone: an edge's id is drawn at random and may hold another one's name.
        var row = page.GetByTestId("edge-row").Filter(new() { Has = page.GetByText(edge, new() { Exact = true }) });
        await Assertions.Expect(row).ToHaveAttributeAsync("data-revision", revision.ToString(CultureInfo.InvariantCulture), new() { Timeout = (float)StepLimit.TotalMilliseconds });
    }

    // Of how many depends on which test went first.
    private static async Task<int> FeaturesAsync(IPage page)
    {
        await page.OpenAsync("/features");
        return await page.GetByTestId("feature-row").CountAsync();
    }
}
