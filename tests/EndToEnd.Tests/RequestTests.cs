using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>From an id that a caller was told to the page that explains the request.</summary>
[Collection(ReadingCollection.Name)]
public sealed class RequestTests(SignedInBrowser browser)
{
    private const string BrokenCloud = "bedrock/us-east-1/*";
    private const string BrokenEndpoint = "bedrock-us-east-1-sonnet";
    private static readonly TimeSpan Shipped = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Request_AfterAFailover_TellsWhereItWentAndWhy(string theme)
    {
        await browser.Product.Clouds.BreakAsync(BrokenCloud, new { kind = "internal", rate = 1 });
        for (var i = 0; i < 10; i++) await new FeatureClient(browser.Product, "thread-summary").StreamAsync($"Summarise message {i}.");
        await browser.Product.Clouds.MendAsync(BrokenCloud);
        var page = await browser.OpenAsync(theme);
        await RowsAsync(page, $"/requests?failed-on={BrokenEndpoint}&outcome=answered");
        await WidthsAsync(page, $"requests-{theme}");

        await page.GetByTestId("request-row").First.GetByRole(AriaRole.Link).ClickAsync();

        await Assertions.Expect(page.GetByTestId("outcome")).ToHaveTextAsync("Answered after failover");
        await Assertions.Expect(page.Locator(".verdict-sentence")).ToContainTextAsync("answered.");
        await Assertions.Expect(page.GetByTestId("candidate").Filter(new() { HasText = "Answered" })).ToHaveCountAsync(1);
        var attempts = await page.GetByTestId("attempt").CountAsync();
        Assert.True(attempts > 1);
        await Assertions.Expect(page.GetByTestId("bar")).ToHaveCountAsync(attempts + 1);
        await Assertions.Expect(page.GetByTestId("attempt").First).ToContainTextAsync("500");
        Assert.Equal("", await PageChecks.ViolationsAsync(page));
        await WidthsAsync(page, $"request-{theme}");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Search_IdThatACallerWasTold_OpensItsPageAndItsBeginningFindsIt()
    {
        var told = (await new FeatureClient(browser.Product, "search-answer").AskAsync("Where is it?")).RequestId;
        var page = await browser.OpenAsync("light");
        await RowsAsync(page, $"/requests?id={told[..13]}");
        await Assertions.Expect(page.Locator($"[data-request='{told}']")).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(told);
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync($"**/requests/{told}");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("search-answer");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("r");
        await page.WaitForURLAsync("**/requests");
        await page.Context.CloseAsync();
    }

    private static Task RowsAsync(IPage page, string path) => Poll.UntilAsync($"{path} shows a request", Shipped, async () =>
    {
        await page.OpenAsync(path);
        return await page.GetByTestId("request-row").CountAsync() > 0;
    });

    private static async Task WidthsAsync(IPage page, string name)
    {
        foreach (var width in new[] { 820, 1440 }) Assert.Equal("", await PageChecks.MisplacedAsync(page, width, name));
    }
}
