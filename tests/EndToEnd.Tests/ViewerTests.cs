using Microsoft.Playwright;

namespace EndToEnd.Tests;

[Collection(ReadingCollection.Name)]
public sealed class ViewerTests(SignedInBrowser browser)
{
    private const string Endpoint = "bedrock-us-east-1-sonnet";

    [Fact]
    public async Task Viewer_EveryPage_ReadsAndIsOfferedNoEdit()
    {
        var page = await browser.OpenAsViewerAsync();
        var offered = new List<string>();
        foreach (var path in new[]
        {
            "/requests", "/explain", "/features", "/features/thread-summary/edit", "/providers", "/providers/bedrock-main", "/endpoints", $"/endpoints/{Endpoint}", "/breakers", "/breakers/interactive", "/callers",
            "/prices", "/revisions", "/revisions/1", "/edges", "/audit", "/jobs", $"/health/endpoints/{Endpoint}",
        })
        {
            await page.OpenAsync(path);
            offered.AddRange(await page.Locator("main").EvaluateAsync<string[]>(Usable, path));
        }

        Assert.Empty(offered);
    }

    [Theory]
    [InlineData("/access", "You need the Admin role")]
    [InlineData("/features/thread-summary/edit", "editing it takes the Admin role")]
    [InlineData("/breakers/interactive", "editing it takes the Admin role")]
    public async Task Viewer_PageForAnotherRole_SaysWhichRoleAndWhoCanHelp(string path, string sentence)
    {
        var page = await browser.OpenAsViewerAsync();
        await page.OpenAsync(path);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(sentence);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Admin");
    }

    // Fields that take input, and buttons whose words are acts. What only changes the view (filters, ranges, switches of charts and tables) is left out.
    private const string Usable = """
        (main, path) => {
          const acts = /save|publish|create|add|edit|delete|remove|isolate|release|set share|revoke|rotate|invite|roll back|run now|enrol|withdraw|lock out/i;
          const view = 'dialog:not([open]), [role=search], .seg, .chart-tools, [class*=rz-]';
          return [...main.querySelectorAll('button, input, select, textarea, a.btn')]
            .filter(e => !e.disabled && e.type !== 'search' && e.checkVisibility({ visibilityProperty: true }) && !e.closest(view))
            .filter(e => e.matches('.field *') || acts.test(`${e.innerText} ${e.getAttribute('aria-label')}`))
            .map(e => `${path}: ${e.outerHTML.slice(0, 200)}`);
        }
        """;
}
