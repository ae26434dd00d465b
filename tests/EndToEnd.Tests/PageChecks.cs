using System.Diagnostics;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>What is asked of a page whatever it shows.</summary>
internal static partial class PageChecks
{
    public const int Height = 900;
    private static readonly TimeSpan Redrawn = TimeSpan.FromSeconds(10);
    private const string TwoFrames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";

    // What can be used has to be reachable: inside the window, or inside something that scrolls sideways by itself.
    private const string Outside = """
        () => {
          const width = document.documentElement.clientWidth;
          const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement) if (p.scrollWidth > p.clientWidth && ['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return true; return false; };
          const out = [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(e => {
            const r = e.getBoundingClientRect();
            return r.width > 1 && r.height > 1 && e.checkVisibility({ visibilityProperty: true }) && !e.closest('dialog:not([open])') && !e.classList.contains('skip') && (r.left < -1 || r.right > width + 1) && !scrolls(e);
          }).map(e => e.outerHTML.slice(0, 160));
          const page = document.documentElement.scrollWidth;
          return (page > innerWidth ? [`the page is ${page} px wide in a window of ${innerWidth}`] : []).concat(out).join('\n');
        }
        """;

    // Text that is cut off without an ellipsis, and controls that lie over each other.
    private const string Overlapping = """
        () => {
          const seen = [...document.querySelectorAll('main a, main button, main input, main select, main textarea')].filter(e => {
            const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility({ visibilityProperty: true }) && !e.closest('dialog:not([open])') && !e.closest('.draft') && !e.closest('svg') && getComputedStyle(e).position !== 'absolute';
          });
          const over = [];
          seen.forEach((a, i) => seen.slice(i + 1).forEach(b => {
            if (a.contains(b) || b.contains(a)) return;
            const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
            const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (w > 2 && h > 2) over.push(a.outerHTML.slice(0, 120) + ' and ' + b.outerHTML.slice(0, 120));
          }));
          return over.join('\n');
        }
        """;

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

    /// <summary>What lies outside of a window of this width, or over something else; a line each.</summary>
    /// <param name="picture">Name of its picture for people.</param>
    // Figures come in while it looks, and charts are drawn anew some time after the window changed; what is really wrong is still wrong then.
    public static async Task<string> MisplacedAsync(IPage page, int width, string picture)
    {
        await page.SetViewportSizeAsync(width, Height);
        await page.PictureAsync($"{width}-{picture}");
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var found = new[] { await page.EvaluateAsync<string>(Outside), await page.EvaluateAsync<string>(Overlapping) };
            var misplaced = string.Join('\n', found.Where(f => f.Length > 0));
            if (misplaced.Length == 0 || watch.Elapsed > Redrawn) return misplaced;
            await page.EvaluateAsync(TwoFrames);
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
