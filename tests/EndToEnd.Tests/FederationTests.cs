using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

public sealed class FederationTests(FederatedBrowser browser) : IClassFixture<FederatedBrowser>
{
    private const int Renewals = 3;
    private const int MostCalls = 40_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Services = ["aws_sts", "google_sts", "iam_credentials", "entra"];
    private static readonly (string Feature, string Cloud)[] Primaries = [("thread-summary", "bedrock-"), ("huddle-notes", "vertex-"), ("search-answer", "azure-")];

    private RunningProduct Product => browser.Product;

    [Fact]
    public async Task Chat_CredentialsRenewedUnderLoad_NoCallFailsOnAnyCloud()
    {
        await RecoveredAsync();
        var before = await Product.Clouds.TokensIssuedAsync();
        var served = new ConcurrentBag<(string Cloud, string Endpoint)>();
        using var enough = new CancellationTokenSource();
        var load = Primaries.SelectMany(p => new[] { p, p }).Select(p => Task.Run(async () =>
        {
            var client = new FeatureClient(Product, p.Feature);
            while (!enough.IsCancellationRequested && served.Count < MostCalls) served.Add((p.Cloud, (await client.AskAsync("What was decided?")).Endpoint));
        })).ToArray();
        await Poll.UntilAsync($"every token service issued {Renewals} times", Limit, async () =>
        {
            var now = await Product.Clouds.TokensIssuedAsync();
            return Services.All(s => now[s] - before[s] >= Renewals);
        });
        await enough.CancelAsync();
        await Task.WhenAll(load); // A call that failed would throw here.

        Assert.InRange(served.Count, 100, MostCalls + load.Length);
        Assert.All(served, s => Assert.StartsWith(s.Cloud, s.Endpoint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TokenServiceDown_CallersAreServed_AnIdentityFaultIsShownAndItEndsByItself()
    {
        await RecoveredAsync();
        var client = new FeatureClient(Product, "thread-summary");
        await Product.Clouds.BreakTokensAsync("aws_sts", new { kind = "down" });
        await Poll.UntilAsync("the last good keys ended and another cloud took over", Limit,
            async () => !(await client.AskAsync("What was decided?")).Endpoint.StartsWith("bedrock-", StringComparison.Ordinal));

        var page = await browser.OpenAsync("light");
        await page.GotoAsync("/providers");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "bedrock-main" })).ToContainTextAsync("Identity fault at the token service");
        await page.GotoAsync("/health");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("has an identity fault");
        for (var i = 0; i < 20; i++) await client.AskAsync("What was decided?");

        await Product.Clouds.MendTokensAsync("aws_sts");
        await RecoveredAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("bedrock-main", "light", 3)]
    [InlineData("vertex-main", "dark", 4)]
    public async Task ProveIt_AllWellThenRefused_NamesEachStepAndWhatToCheck(string account, string theme, int steps)
    {
        await RecoveredAsync();
        var page = await browser.OpenAsync(theme);
        await page.GotoAsync($"/providers/{account}");
        var button = page.GetByTestId("prove");
        await Assertions.Expect(button).ToBeEnabledAsync();
        await Poll.UntilAsync("the circuit took the key", Limit, async () =>
        {
            await button.PressAsync("Enter");
            return await page.GetByTestId("proof-step").CountAsync() > 0;
        });
        await Assertions.Expect(page.GetByTestId("proof-step")).ToHaveCountAsync(steps, new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("[data-testid=proof-step][data-outcome=Ok]")).ToHaveCountAsync(steps);
        await Assertions.Expect(page.Locator("ol.proof")).ToContainTextAsync("https://oidc.simulator.example");
        Assert.DoesNotContain("eyJ", await page.Locator("ol.proof").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe()).Violations.Select(v => $"{v.Id}: {v.Help}"));

        await Product.Clouds.BreakTokensAsync(account == "bedrock-main" ? "aws_sts" : "google_sts", new { kind = "reject_claim" });
        await button.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-testid=proof-step][data-outcome=Failed]")).ToContainTextAsync("What to check", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("[data-testid=proof-step][data-outcome=NotReached]")).ToHaveCountAsync(steps - 2);
        await Product.Clouds.MendTokensAsync(account == "bedrock-main" ? "aws_sts" : "google_sts");
        await page.Context.CloseAsync();
    }

    /// <summary>Each primary answers: what an earlier test broke is over.</summary>
    private async Task RecoveredAsync()
    {
        foreach (var (feature, cloud) in Primaries)
        {
            var client = new FeatureClient(Product, feature);
            await Poll.UntilAsync($"{feature} is served by {cloud}", Limit, async () => (await client.AskAsync("What was decided?")).Endpoint.StartsWith(cloud, StringComparison.Ordinal));
        }
    }
}
