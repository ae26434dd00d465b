using Microsoft.Playwright;

namespace EndToEnd.Tests;

public sealed class JourneyTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    private const string Feature = "thread-summary";
    private const string Primary = "bedrock-us-east-1-sonnet";
    private const string Backup = "vertex-us-east5-flash";
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Publish_PrimaryAndBackupSwapped_NextCallsGoToTheOtherCloud()
    {
        var client = new FeatureClient(browser.Product, Feature);
        Assert.Equal(Primary, (await client.AskAsync("Before.")).Endpoint);
        var page = await browser.OpenAsync("light");

        await SwapAsync(page);
        var revision = await PublishAsync(page);
        await page.GotoAsync("/edges");
        await Assertions.Expect(page.GetByTestId("edge-row")).ToHaveAttributeAsync("data-revision", revision, new() { Timeout = (float)StepLimit.TotalMilliseconds });

        Assert.Equal(Backup, (await client.AskAsync("After.")).Endpoint);
    }

    private static async Task SwapAsync(IPage page)
    {
        await page.GotoAsync($"/features/{Feature}/edit");
        var rows = page.GetByTestId("candidate-row");
        await rows.First.WaitForAsync();
        // A click before the circuit stands is lost: it is clicked until the list says so; once on top, the button is disabled.
        await Poll.UntilAsync("the backup is on top", StepLimit, async () =>
        {
            if (await rows.First.GetAttributeAsync("data-endpoint") == Backup) return true;
            var up = page.Locator($"[data-endpoint='{Backup}']").GetByTestId("candidate-up");
            await up.ClickAsync();
            return await IsOnTopAsync(page);
        });
        await page.GetByTestId("save").ClickAsync();
        await page.GetByTestId("review-changes").ClickAsync();
        await page.WaitForURLAsync("**/publish");
    }

    private static async Task<bool> IsOnTopAsync(IPage page)
    {
        try
        {
            await Assertions.Expect(page.GetByTestId("candidate-row").First).ToHaveAttributeAsync("data-endpoint", Backup, new() { Timeout = 2_000 });
            return true;
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    /// <returns>Number of the published revision.</returns>
    private static async Task<string> PublishAsync(IPage page)
    {
        await page.GetByTestId("changes").WaitForAsync();
        await page.GetByTestId("publish").ClickAsync();
        var edge = page.GetByTestId("rollout-edge");
        await edge.First.WaitForAsync();
        await Assertions.Expect(page.GetByTestId("live-revision")).ToContainTextAsync("r2");
        return "2";
    }
}
