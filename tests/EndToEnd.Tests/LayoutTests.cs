namespace EndToEnd.Tests;

public sealed class LayoutTests(SignedInBrowser browser) : IClassFixture<SignedInBrowser>
{
    private static readonly string[] Paths =
    [
        "/health", "/health/endpoints/bedrock-us-east-1-sonnet", "/requests", "/requests/0190a000-0000-7000-8000-000000000000", "/features", "/features/thread-summary/edit", "/features/new", "/providers", "/providers/bedrock-main", "/endpoints",
        "/endpoints/bedrock-us-east-1-sonnet", "/breakers", "/breakers/interactive", "/callers", "/prices", "/publish", "/revisions", "/revisions/1", "/edges", "/cost",
        "/cost/features/thread-summary", "/audit", "/access", "/jobs",
    ];

    // What can be used has to be reachable: inside the window, or inside something that scrolls sideways by itself.
    internal const string Outside = """
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
    internal const string Overlapping = """
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

    public static TheoryData<int, string> WidthsAndThemes() => new() { { 1440, "light" }, { 1440, "dark" }, { 1024, "light" }, { 1024, "dark" }, { 820, "light" }, { 820, "dark" } };

    [Theory]
    [MemberData(nameof(WidthsAndThemes))]
    public async Task EveryPage_AtThisWidth_FitsAndNothingLiesOverAnother(int width, string theme)
    {
        var page = await browser.OpenAsync(theme);
        await page.SetViewportSizeAsync(width, 900);
        var wrong = new List<string>();
        foreach (var path in Paths)
        {
            await page.OpenAsync(path);
            await page.PictureAsync($"{width}-{theme}-{path.Trim('/').Replace('/', '-')}");
            foreach (var check in new[] { Outside, Overlapping })
            {
                if (await page.EvaluateAsync<string>(check) is { Length: > 0 } found) wrong.Add($"{path}: {found}");
            }
        }

        Assert.Empty(wrong);
        await page.Context.CloseAsync();
    }
}
