using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

public sealed partial class OutageTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    private const string Feature = "thread-summary";
    private const string Primary = "bedrock-us-east-1-sonnet";
    private const string BrokenCloud = "bedrock/us-east-1/*";
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(60);
    private static readonly LocatorAssertionsToContainTextOptions Within = new() { Timeout = (float)StepLimit.TotalMilliseconds };

    [Fact]
    public async Task Outage_PrimaryFailsThenIsMended_NoCallerSeesItAndTheShareWidensToClosed()
    {
        var page = await browser.OpenAsync("light");
        await QuickPolicyAsync(page);
        await using var callers = new SteadyCallers(browser.Product, Feature);
        await AnsweredAsync(callers, 20);

        await browser.Product.Clouds.BreakAsync(BrokenCloud, new { kind = "internal", rate = 1 });
        await page.OpenAsync("/health");
        var cell = page.Locator($"a[data-cell][href='/health/endpoints/{Primary}']");
        await Assertions.Expect(cell).ToContainTextAsync("Open", Within);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Callers are unaffected", Within);
        await page.PictureAsync("outage-health");
        await page.OpenAsync($"/health/endpoints/{Primary}");
        await Assertions.Expect(page.Locator(".head .chip")).ToContainTextAsync("Open", Within);
        await page.PictureAsync("outage-open");

        await browser.Product.Clouds.MendAsync(BrokenCloud);
        var shares = await SharesUntilClosedAsync(page);
        await page.PictureAsync("outage-closed");
        await AnsweredAsync(callers, 20);

        Assert.Equal("", callers.Errors);
        Assert.True(shares.Count >= 3, $"shares seen on the way back: {string.Join(", ", shares)}");
        Assert.Equal(shares.Order(), shares);
        // And it is asked again.
        await Poll.UntilAsync("the primary serves", StepLimit, async () => (await new FeatureClient(browser.Product, Feature).AskAsync("Back?")).Endpoint == Primary);
    }

    /// <summary>The sample's policy waits for a night of traffic; with this one the whole way is walked in half a minute.</summary>
    private static async Task QuickPolicyAsync(IPage page)
    {
        await page.OpenAsync("/breakers/interactive");
        foreach (var (field, value) in new[] { ("openSeconds", "3"), ("maxOpenSeconds", "5"), ("stepConsecutiveSuccesses", "3"), ("dwellSeconds", "2"), ("floorPerSecond", "4") })
        {
            await page.Locator($"#{field}").FillAsync(value);
            await page.Locator($"#{field}").BlurAsync();
        }

        await page.Locator("#rampPercent").FillAsync("10, 25, 50, 75, 100");
        await page.Locator("#rampPercent").BlurAsync();
        await page.GetByTestId("save").ClickAsync();
        await page.GetByTestId("review-changes").WaitForAsync();
        await page.PublishDraftAsync();
    }

    private static Task AnsweredAsync(SteadyCallers callers, int more)
    {
        var target = callers.Answered + more;
        return Poll.UntilAsync($"{more} more answers", StepLimit, () => Task.FromResult(callers.Answered >= target));
    }

    /// <returns>The shares the endpoint page showed, each once, in the order they came.</returns>
    private static async Task<List<int>> SharesUntilClosedAsync(IPage page)
    {
        var chip = page.Locator(".head .chip");
        var shares = new List<int>();
        await Poll.UntilAsync("the breaker is closed", StepLimit, async () =>
        {
            var word = await chip.InnerTextAsync();
            if (SharePattern().Match(word) is { Success: true } match && int.Parse(match.Groups["share"].Value, System.Globalization.CultureInfo.InvariantCulture) is var share && !shares.Contains(share))
            {
                shares.Add(share);
                await page.PictureAsync($"outage-partial-{share}");
            }

            return word.Contains("Closed", StringComparison.Ordinal);
        });
        return shares;
    }

    [GeneratedRegex(@"Partial\s+(?<share>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SharePattern();
}
