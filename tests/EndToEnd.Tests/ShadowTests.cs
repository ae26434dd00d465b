using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A model is tried on a feature's own calls before it is bound: from the editor to its figures, its cost and the page of a request.</summary>
public sealed class ShadowTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    private const string Feature = "huddle-notes";
    private const string Shadow = "azure-eastus2-gpt-4.1-mini";
    private static readonly TimeSpan Shipped = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Shadow_AddedAndPublished_GetsCopiesAndStandsBesideThePrimary()
    {
        var page = await browser.OpenAsync("light");
        await AddShadowAsync(page);
        await page.PublishDraftAsync();
        var client = new FeatureClient(browser.Product, Feature);
        for (var i = 0; i < 4; i++) await client.StreamAsync($"Write notes of call {i}.");
        var told = await client.AskAsync("What was decided?");
        Assert.NotEqual(Shadow, told.Endpoint, StringComparer.Ordinal);

        await Poll.UntilAsync("every copy is among the figures", Shipped, async () =>
        {
            await page.OpenAsync($"/features/{Feature}/edit");
            var figures = page.GetByTestId("shadow-figures");
            await figures.WaitForAsync();
            return (await figures.InnerTextAsync()).Contains("100", StringComparison.Ordinal) && await figures.Locator("td").First.InnerTextAsync() == "5";
        });
        await LookAsync($"/features/{Feature}/edit", "shadow-binding", p => Assertions.Expect(p.GetByTestId("primary-figures")).ToContainTextAsync("%"));
        await LookAsync("/cost?from=now-1h", "shadow-cost", p => Assertions.Expect(p.Locator("main")).ToContainTextAsync("(shadow copies)"));
        await LookAsync($"/requests/{told.RequestId}", "shadow-request", p => Assertions.Expect(p.GetByTestId("copy")).ToContainTextAsync("Answered"));
        await page.OpenAsync($"/requests/{told.RequestId}");
        await page.GetByTestId("copy").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByTestId("shadow-of")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".verdict-sentence")).ToContainTextAsync("answered the copy of a call.");
    }

    private static async Task AddShadowAsync(IPage page)
    {
        await page.OpenAsync($"/features/{Feature}/edit");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("give it the role Shadow");
        var rows = await page.GetByTestId("candidate-row").CountAsync();
        await page.GetByTestId("add-candidate").ClickAsync();
        await page.Locator($"#candidate-endpoint-{rows}").SelectOptionAsync(Shadow);
        await page.Locator($"#candidate-role-{rows}").SelectOptionAsync(new SelectOptionValue { Label = "Shadow" });
        await Assertions.Expect(page.GetByTestId("shadows")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator($"#candidate-tier-{rows}")).ToHaveCountAsync(0);
        await page.Locator("#shadow").FillAsync("100");
        await page.Keyboard.PressAsync("Tab");
        await page.GetByTestId("save").ClickAsync();
        await page.GetByTestId("review-changes").ClickAsync();
        await page.WaitForURLAsync("**/publish");
        await Assertions.Expect(page.GetByTestId("changes")).ToContainTextAsync("becomes a shadow: it gets copies of calls");
    }

    private async Task LookAsync(string path, string picture, Func<IPage, Task> shows)
    {
        foreach (var theme in (string[])["light", "dark"])
        {
            var page = await browser.OpenAsync(theme);
            await page.OpenAsync(path);
            await shows(page);
            Assert.Equal("", await PageChecks.ViolationsAsync(page));
            foreach (var width in (int[])[820, 1440]) Assert.Equal("", await PageChecks.MisplacedAsync(page, width, $"{picture}-{theme}"));
            await page.Context.CloseAsync();
        }
    }
}
