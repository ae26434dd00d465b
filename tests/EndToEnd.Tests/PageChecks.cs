using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>What is asked of a page whatever it shows.</summary>
internal static partial class PageChecks
{
    /// <summary>What axe finds, a line each.</summary>
    // While the circuit takes the page over its title is gone for a moment, which axe reports; what is really wrong is still wrong the third time.
    public static async Task<string> ViolationsAsync(IPage page)
    {
        for (var run = 1; ; run++)
        {
            var axe = await page.RunAxe();
            var violations = string.Join("\n", axe.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(" ; ", v.Nodes.Select(n => n.Html))}"));
            if (violations.Length == 0 || run == 3) return violations;
            await SettledAsync(page);
        }
    }

    // Content comes over the circuit: a heading stands, nothing is still loading.
    public static async Task SettledAsync(IPage page)
    {
        await page.Locator("main h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveTitleAsync(AnyTitle());
    }

    // It is taken away for a moment while the circuit takes the page over.
    [GeneratedRegex("\\S", RegexOptions.None, 1000)]
    private static partial Regex AnyTitle();
}
