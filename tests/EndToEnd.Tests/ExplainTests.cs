using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>What the page says would happen is what an edge says that is asked itself.</summary>
[Collection(ReadingCollection.Name)]
public sealed class ExplainTests(SignedInBrowser browser)
{
    private const string BrokenCloud = "bedrock/us-east-1/*";
    private const string BrokenEndpoint = "bedrock-us-east-1-sonnet";

    // Of each API the needs that tell its candidates apart; the page and the edge find them in one and the same way.
    [Theory]
    [InlineData("chat_completions", 12, "tools", "audio", "logprobs")]
    [InlineData("responses", 7, "reasoning")]
    [InlineData("messages", 6, "documents")]
    [InlineData("embeddings", 0)]
    public async Task Page_NeedsOfTheApi_JudgesEachCandidateAsTheEdgeDoes(string api, int offered, params string[] needs)
    {
        var page = await browser.OpenAsync("light");
        foreach (var need in needs.Prepend(""))
        {
            await page.OpenAsync($"/explain?feature=thread-summary&api={api}&limit=500&needs={need}");
            Assert.Equal(offered, await page.Locator("[id^=need-]").CountAsync());
            await SameAsync(page, $"{api} {need}");
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Page_WhileTheFirstIsOpen_SaysWhoTakesItAndWhyNot()
    {
        await browser.Product.Clouds.BreakAsync(BrokenCloud, new { kind = "internal", rate = 1 });
        try
        {
            foreach (var theme in (string[])["light", "dark"]) await ShowsOpenAsync(theme);
        }
        finally
        {
            await browser.Product.Clouds.MendAsync(BrokenCloud);
        }
    }

    [Fact]
    public async Task Page_AnotherFeatureOrNeed_IsInTheAddress()
    {
        var page = await browser.OpenAsync("light");
        await page.OpenAsync("/explain");

        await page.GetByLabel("Feature").SelectOptionAsync("search-answer");
        await page.WaitForURLAsync("**/explain?feature=search-answer");
        await page.GetByLabel("tools").CheckAsync();
        await page.WaitForURLAsync("**needs=tools");
        await page.GetByLabel("streamed").UncheckAsync();
        await page.WaitForURLAsync("**stream=0");

        await Assertions.Expect(page.Locator("#explain-curl")).ToContainTextAsync("\"tools\"");
        await Assertions.Expect(page.Locator("#explain-curl")).Not.ToContainTextAsync("\"stream\"");
        await page.OpenAsync("/explain?feature=nobody-has-it");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("nobody-has-it is not published");
        await page.Context.CloseAsync();
    }

    private async Task ShowsOpenAsync(string theme)
    {
        var page = await browser.OpenAsync(theme);
        await page.OpenAsync("/features");
        await page.Locator("[data-feature='thread-summary']").GetByTestId("what-now").ClickAsync();
        await page.WaitForURLAsync("**/explain?feature=thread-summary");
        var broken = page.Locator($"[data-testid='candidate'][data-endpoint='{BrokenEndpoint}']");
        await Poll.UntilAsync("the page shows it open", TimeSpan.FromSeconds(60), async () =>
        {
            await new FeatureClient(browser.Product, "thread-summary").AskAsync("Summarise.");
            return await broken.GetAttributeAsync("data-verdict") == "Open";
        });
        await Assertions.Expect(broken).ToContainTextAsync("Open after failures");
        await Assertions.Expect(page.Locator(".verdict-sentence")).ToContainTextAsync("such a call would go to", new() { IgnoreCase = true });
        await Assertions.Expect(page.GetByTestId("candidate").Filter(new() { HasText = "Asked first" })).ToHaveCountAsync(1);
        Assert.Equal("", await PageChecks.ViolationsAsync(page));
        foreach (var width in new[] { 820, 1024, 1440 }) Assert.Equal("", await PageChecks.MisplacedAsync(page, width, $"explain-{theme}"));
        await page.Context.CloseAsync();
    }

    /// <summary>By the command that the page offers, pasted into a shell. An edge may move between its report and the question.</summary>
    private Task SameAsync(IPage page, string what) => Poll.UntilAsync($"page and edge agree on {what}", TimeSpan.FromSeconds(20), async () =>
    {
        var command = await page.Locator("#explain-curl").InnerTextAsync();
        var told = await page.GetByTestId("candidate").EvaluateAllAsync<string[]>("rows => rows.map(r => `${r.dataset.endpoint} ${r.dataset.verdict.toLowerCase()} ${r.classList.contains('won')}`)");
        using var answer = JsonDocument.Parse(await PasteAsync(command));
        Assert.True(answer.RootElement.TryGetProperty("candidates", out var candidates), $"{what}: {answer.RootElement}");
        var asked = candidates.EnumerateArray().Select(c => $"{c.GetProperty("endpoint").GetString()} {c.GetProperty("verdict").GetString()!.Replace("_", "", StringComparison.Ordinal)} {(c.GetProperty("asked_first").GetBoolean() ? "true" : "false")}");
        return told.SequenceEqual(asked, StringComparer.Ordinal);
    });

    private async Task<string> PasteAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command])
        {
            UseShellExecute = false, RedirectStandardOutput = true, Environment = { ["EDGE"] = browser.Product.Edge.ToString().TrimEnd('/'), ["KEY"] = browser.Product.CallerKey },
        })!; // no shell is to be reused
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return answer;
    }
}
