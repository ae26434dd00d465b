using System.Globalization;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>What every browser test does with a page.</summary>
internal static class Pages
{
    private const float Limit = 30_000;

    /// <summary>Goes there and waits for the circuit: a click before it stands is lost.</summary>
    /// <returns>The status of the page.</returns>
    public static async Task<int?> OpenAsync(this IPage page, string path)
    {
        var response = await page.GotoAsync(path);
        await page.Locator(".shell[data-interactive='true']").WaitForAsync(new() { Timeout = Limit });
        await page.Locator("main h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".skeleton")).ToHaveCountAsync(0, new() { Timeout = Limit });
        return response?.Status;
    }

    /// <summary>A picture for people, into the folder that TEST_PICTURES names; nothing is compared with it.</summary>
    public static async Task PictureAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TEST_PICTURES") is not { Length: > 0 } folder) return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    /// <summary>Publishes the draft and waits until the edge runs it.</summary>
    public static async Task PublishDraftAsync(this IPage page)
    {
        await page.OpenAsync("/publish");
        var before = Number(await page.GetByTestId("live-revision").InnerTextAsync());
        await page.GetByTestId("publish").ClickAsync();
        var next = (before + 1).ToString(CultureInfo.InvariantCulture);
        await Assertions.Expect(page.GetByTestId("rollout-edge").First).ToHaveAttributeAsync("data-revision", next, new() { Timeout = Limit });
    }

    private static int Number(string text) => int.Parse(string.Concat(text.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
}
