namespace EndToEnd.Tests;

public sealed class BrowserTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    private const int NotFound = 404;

    private static readonly string[] Paths =
    [
        "/health", "/requests", "/requests/0190a000-0000-7000-8000-000000000000", "/features", "/providers", "/endpoints", "/breakers", "/callers", "/prices", "/publish", "/revisions", "/edges", "/cost", "/audit", "/access", "/jobs",
    ];

    // Pages of the navigation that are not in the product yet; one that is there is tested although it is listed.
    private static readonly string[] Awaited = [];

    public static TheoryData<string, string> PathsAndThemes()
    {
        var data = new TheoryData<string, string>();
        foreach (var path in Paths)
        {
            data.Add(path, "light");
            data.Add(path, "dark");
        }

        return data;
    }

    [Fact]
    public void Setup_PrintedLink_LandsSignedIn() =>
        Assert.DoesNotContain("/sign-in", browser.LandedAt.AbsolutePath, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(PathsAndThemes))]
    public async Task Page_EitherTheme_IsAccessibleAndKeepsThePolicy(string path, string theme)
    {
        var page = await browser.OpenAsync(theme);
        var console = new List<string>();
        page.Console += (_, message) => console.Add(message.Text);
        var response = await page.GotoAsync(path);
        if (response?.Status == NotFound && Awaited.Contains(path)) return;

        Assert.Equal(200, response?.Status);
        await PageChecks.SettledAsync(page);
        Assert.Equal(theme, await page.Locator("html").GetAttributeAsync("data-theme"));
        Assert.DoesNotContain(console, line => line.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("", await PageChecks.ViolationsAsync(page));
        await page.Context.CloseAsync();
    }
}
