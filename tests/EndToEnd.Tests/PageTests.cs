namespace EndToEnd.Tests;

/// <summary>Every page, in both themes and at the three widths of a desk, a small laptop and a tablet.</summary>
[Collection(ReadingCollection.Name)]
public sealed class PageTests(SignedInBrowser browser)
{
    private static readonly int[] Widths = [1440, 1024, 820];

    private static readonly string[] Paths =
    [
        "/health", "/health/endpoints/bedrock-us-east-1-sonnet", "/requests", "/requests/0190a000-0000-7000-8000-000000000000", "/explain", "/explain?feature=thread-summary&needs=tools,vision", "/features", "/features/thread-summary/edit", "/features/new", "/providers", "/providers/bedrock-main", "/endpoints",
        "/endpoints/bedrock-us-east-1-sonnet", "/breakers", "/breakers/interactive", "/callers", "/prices", "/publish", "/revisions", "/revisions/1", "/edges", "/cost",
        "/cost/features/thread-summary", "/audit", "/access", "/jobs",
    ];

    [Fact]
    public void Setup_PrintedLink_LandsSignedIn() =>
        Assert.DoesNotContain("/sign-in", browser.LandedAt.AbsolutePath, StringComparison.Ordinal);

    // A page is loaded once, and then its window is changed: made narrower in one theme, wider in the other.
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task EveryPage_InThisTheme_IsAccessibleKeepsThePolicyAndFitsAtEachWidth(string theme)
    {
        int[] widths = theme == "light" ? Widths : [.. Widths.Reverse()];
        var page = await browser.OpenAsync(theme);
        var wrong = new List<string>();
        var path = "";
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) wrong.Add($"{path}: {message.Text}");
        };
        foreach (var next in Paths)
        {
            path = next;
            await page.SetViewportSizeAsync(widths[0], PageChecks.Height);
            if (await page.OpenAsync(path) is not 200 and var status) wrong.Add($"{path}: status {status}");
            await PageChecks.SettledAsync(page);
            Assert.Equal(theme, await page.Locator("html").GetAttributeAsync("data-theme"));
            if (await PageChecks.ViolationsAsync(page) is { Length: > 0 } violations) wrong.Add($"{path}: {violations}");
            foreach (var width in widths)
            {
                if (await PageChecks.MisplacedAsync(page, width, $"{theme}-{path.Trim('/').Replace('/', '-')}") is { Length: > 0 } misplaced) wrong.Add($"{path} at {width} px: {misplaced}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await page.Context.CloseAsync();
    }
}
