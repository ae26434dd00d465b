using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A product with some traffic behind it, and a browser whose user came in by the printed link.</summary>
public class SignedInBrowser : IAsyncLifetime
{
    internal const string Password = "a long enough sentence 1";

    // Debian's Chromium, told to stay off the network: what it is given is on this machine.
    private static readonly BrowserTypeLaunchOptions Chromium = new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
        ],
    };

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _session = "";
    private string? _viewer;

    public RunningProduct Product { get; }

    public SignedInBrowser() : this(new RunningProduct()) { }

    protected SignedInBrowser(RunningProduct product) => Product = product;

    /// <summary>Where the browser was once the account existed.</summary>
    public Uri LandedAt { get; private set; } = null!; // set by InitializeAsync, before any test

    public async Task InitializeAsync()
    {
        await Product.InitializeAsync();
        foreach (var feature in new[] { "thread-summary", "search-answer", "huddle-notes" }) await new FeatureClient(Product, feature).AskAsync("What was decided?");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(Chromium);
        await SignInAsync(_browser);
    }

    /// <summary>A page of the signed-in user.</summary>
    /// <param name="theme"><c>light</c> or <c>dark</c>, as the theme cookie says it.</param>
    public Task<IPage> OpenAsync(string theme) => OpenAsync(_session, theme);

    /// <summary>A page of somebody who was invited to read.</summary>
    public async Task<IPage> OpenAsViewerAsync() => await OpenAsync(_viewer ??= await InviteViewerAsync(), "light");

    private async Task<IPage> OpenAsync(string session, string theme)
    {
        var context = await _browser!.NewContextAsync(new() { StorageState = session, BaseURL = Product.ControlPlane.ToString() });
        await context.AddCookiesAsync([new Cookie { Name = "cp-theme", Value = theme, Url = Product.ControlPlane.ToString() }]);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Product.DisposeAsync();
    }

    private async Task SignInAsync(IBrowser browser) => (_session, LandedAt) = await CreateAccountAsync(browser, Product.SignIn.ToString(), "avery");

    private async Task<string> InviteViewerAsync()
    {
        var page = await OpenAsync("light");
        await page.OpenAsync("/access");
        await page.Locator("#email").FillAsync("vera@example.com");
        await page.GetByTestId("invite").ClickAsync();
        var link = await page.Locator(".secret code").InnerTextAsync();
        return (await CreateAccountAsync(_browser!, link, "vera")).Session; // an invitation was made in it
    }

    private static async Task<(string Session, Uri LandedAt)> CreateAccountAsync(IBrowser browser, string link, string name)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(link);
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/setup", StringComparison.Ordinal));
        return (await context.StorageStateAsync(), new Uri(page.Url));
    }
}
