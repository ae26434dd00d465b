using System.Net;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.TestHost;

namespace ControlPlane.Web.Tests.Shell;

/// <summary>The shell alone, over a test server: what every answer carries, and what a browser gets when a page is not there.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private WebApplication _app = null!; // started in InitializeAsync
    private HttpClient _browser = null!; // started in InitializeAsync

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(ControlPlaneSetup).Assembly.GetName().Name, EnvironmentName = Environments.Production });
        builder.WebHost.UseTestServer();
        builder.Configuration["ControlPlane:Shell:EnvironmentName"] = "Staging";
        builder.Logging.ClearProviders();
        builder.AddShell();
        _app = builder.Build();
        _app.UseShell();
        _app.MapShell();
        await _app.StartAsync();
        _browser = _app.GetTestClient();
        _browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task AnyPage_Answered_CarriesThePolicyAndNoInlineScript()
    {
        HttpResponseMessage answer = await _browser.GetAsync("/denied");
        string html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(BrowserSecurity.ContentSecurityPolicy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]* src=)", html);
        Assert.DoesNotMatch(" on[a-z]+=\"", html);
    }

    [Theory]
    [InlineData("cp-theme=dark", "dark")]
    [InlineData("cp-theme=light", "light")]
    [InlineData("cp-theme=\"><script>", "system")]
    [InlineData(null, "system")]
    public async Task AnyPage_ThemeCookie_IsInTheFirstByteOfTheDocument(string? cookie, string theme)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/denied");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        string html = await (await _browser.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains($"data-theme=\"{theme}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownAddress_AskedByABrowser_IsAPageWith404()
    {
        HttpResponseMessage answer = await _browser.GetAsync("/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Nothing at this address", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownAddress_AskedByAProgram_IsABareStatus()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/no-such-page");
        request.Headers.Accept.ParseAdd("application/json");
        _browser.DefaultRequestHeaders.Accept.Clear();
        HttpResponseMessage answer = await _browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Gallery_InProduction_IsNotThere() => Assert.Equal(HttpStatusCode.NotFound, (await _browser.GetAsync("/gallery")).StatusCode);

    [Fact]
    public async Task Frame_Rendered_HasItsLandmarksAndEnvironment()
    {
        string html = await (await _browser.GetAsync("/denied")).Content.ReadAsStringAsync();
        foreach (string part in new[] { "<header", "<nav class=\"nav\" aria-label=\"Main\"", "<main id=\"main\"", "class=\"skip\"", "role=\"status\"", "Staging", "env-stage" })
            Assert.Contains(part, html, StringComparison.Ordinal);
    }
}
