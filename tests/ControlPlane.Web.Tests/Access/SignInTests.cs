using System.Net;
using System.Text.RegularExpressions;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Tests.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Tests.Access;

/// <summary>The whole control plane over a test server: nothing is open before somebody has signed in.</summary>
public sealed partial class SignInTests : IAsyncLifetime
{
    private ServedPlane _plane = null!; // started in InitializeAsync

    private WebApplication App => _plane.App;

    public async Task InitializeAsync() => _plane = await ServedPlane.StartAsync();

    public async Task DisposeAsync() => await _plane.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/no-such-page")]
    public async Task AnyPage_NobodySignedIn_LeadsToSignIn(string path)
    {
        using var browser = new Browser(App);
        HttpResponseMessage answer = await browser.GetAsync(path);
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NotFound, answer.StatusCode.ToString());
        if (answer.StatusCode == HttpStatusCode.Redirect) Assert.StartsWith("/sign-in", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetupLink_Used_MakesAnAdministratorWhoCanSignInAgain()
    {
        string link = (await App.Services.GetRequiredService<SetupLink>().CreateIfNoUserAsync(default))!;
        using var first = new Browser(App);
        string form = await first.TextAsync(link);
        HttpResponseMessage made = await first.PostAsync(link, form, new() { ["_handler"] = "setup", ["Input.Token"] = link[(link.IndexOf('=') + 1)..], ["Input.UserName"] = "ada", ["Input.Password"] = "a long enough password" });
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        Assert.NotEqual(HttpStatusCode.Redirect, (await first.GetAsync("/gallery")).StatusCode);
        Assert.Null(await App.Services.GetRequiredService<SetupLink>().CreateIfNoUserAsync(default));
        Assert.Contains("was used", await first.TextAsync(link), StringComparison.Ordinal);

        using var second = new Browser(App);
        HttpResponseMessage wrong = await SignInAsync(second, "/sign-in", "not the password");
        Assert.Contains("Name or password is not right", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpResponseMessage right = await SignInAsync(second, "/sign-in?returnUrl=%2Fcost", "a long enough password");
        Assert.Equal("/cost", right.Headers.Location!.IsAbsoluteUri ? right.Headers.Location.PathAndQuery : right.Headers.Location.ToString());
        HttpResponseMessage elsewhere = await SignInAsync(new Browser(App), "/sign-in?returnUrl=%2F%2Fevil.example", "a long enough password");
        Assert.DoesNotContain("evil", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetupLink_SecondOneMade_EndsTheFirst()
    {
        SetupLink links = App.Services.GetRequiredService<SetupLink>();
        string first = (await links.CreateIfNoUserAsync(default))!;
        string second = (await links.CreateIfNoUserAsync(default))!;
        using var browser = new Browser(App);
        Assert.DoesNotContain("<form", await browser.TextAsync(first), StringComparison.Ordinal);
        Assert.Contains("<form", await browser.TextAsync(second), StringComparison.Ordinal);
        await using ControlPlaneDb db = await App.Services.GetRequiredService<IDbContextFactory<ControlPlaneDb>>().CreateDbContextAsync();
        Assert.DoesNotContain(second[(second.IndexOf('=') + 1)..], string.Join(' ', await db.SignUpLinks.Select(l => l.TokenHash).ToListAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_EightWrongPasswords_LocksTheAccountForAWhile()
    {
        await AddAsync("ada");
        using var browser = new Browser(App);
        for (int i = 0; i < 8; i++) await SignInAsync(browser, "/sign-in", $"wrong {i}");

        HttpResponseMessage locked = await SignInAsync(browser, "/sign-in", Password);
        Assert.Contains("Too many wrong passwords", await locked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/health")).StatusCode);

        await ChangeAsync(p => p.LockoutEnd = TimeProvider.System.GetUtcNow().AddSeconds(-1));
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(browser, "/sign-in", Password)).StatusCode);
    }

    [Fact]
    public async Task SignIn_SevenWrongPasswordsThenTheRightOne_CountsFromTheBeginningAgain()
    {
        await AddAsync("ada");
        using var browser = new Browser(App);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 7; i++) await SignInAsync(browser, "/sign-in", $"wrong {i}");
            using var other = new Browser(App);
            Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(other, "/sign-in", Password)).StatusCode);
        }
    }

    [Fact]
    public async Task SignIn_DisabledAccount_IsRefusedAndTheOpenSessionEnds()
    {
        await AddAsync("ada");
        await AddAsync("eve");

        await App.Services.GetRequiredService<PeopleStore>().SetDisabledAsync(Actor.Process("test"), "ada", true, default);

        using var browser = new Browser(App);
        HttpResponseMessage refused = await SignInAsync(browser, "/sign-in", Password);
        Assert.Contains("This account is disabled", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpResponseMessage wrong = await SignInAsync(browser, "/sign-in", "not the password");
        Assert.DoesNotContain("disabled", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using AsyncServiceScope scope = App.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        Assert.NotEqual("first", await people.GetSecurityStampAsync((await people.FindByIdAsync("ada"))!)); // What is in the open session's cookie.
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        using var browser = new Browser(App);
        HttpResponseMessage answer = await browser.PostAsync("/sign-in", "", new() { ["_handler"] = "sign-in", ["Input.UserName"] = "ada", ["Input.Password"] = "x" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private const string Password = "a long enough password";

    private async Task AddAsync(string name)
    {
        var person = new Person { Id = name, UserName = name, NormalizedUserName = name.ToUpperInvariant(), Role = Role.Admin, LockoutEnabled = true, SecurityStamp = "first" };
        person.PasswordHash = new PasswordHasher<Person>().HashPassword(person, Password);
        await using ControlPlaneDb db = await App.Services.GetRequiredService<IDbContextFactory<ControlPlaneDb>>().CreateDbContextAsync();
        db.Users.Add(person);
        await db.SaveChangesAsync();
    }

    private async Task ChangeAsync(Action<Person> change)
    {
        await using ControlPlaneDb db = await App.Services.GetRequiredService<IDbContextFactory<ControlPlaneDb>>().CreateDbContextAsync();
        change(await db.Users.SingleAsync());
        await db.SaveChangesAsync();
    }

    private static async Task<HttpResponseMessage> SignInAsync(Browser browser, string path, string password) =>
        await browser.PostAsync(path, await browser.TextAsync(path), new() { ["_handler"] = "sign-in", ["Input.UserName"] = "ada", ["Input.Password"] = password });

    /// <summary>Keeps cookies, follows nothing.</summary>
    private sealed partial class Browser(WebApplication app) : IDisposable
    {
        private readonly HttpClient _http = app.GetTestClient();
        private readonly CookieContainer _cookies = new();

        public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

        public async Task<string> TextAsync(string path) => await (await GetAsync(path)).Content.ReadAsStringAsync();

        public Task<HttpResponseMessage> PostAsync(string path, string page, Dictionary<string, string> values)
        {
            Match token = AntiforgeryField().Match(page);
            if (token.Success) values["__RequestVerificationToken"] = token.Groups[1].Value;
            return SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(values));
        }

        public void Dispose() => _http.Dispose();

        private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
        {
            using var message = new HttpRequestMessage(method, path) { Content = content };
            message.Headers.Add("Accept", "text/html");
            string cookies = _cookies.GetCookieHeader(_http.BaseAddress!); // a test client has an address
            if (cookies.Length > 0) message.Headers.Add("Cookie", cookies);
            HttpResponseMessage answer = await _http.SendAsync(message);
            if (answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set))
                foreach (string cookie in set) _cookies.SetCookies(_http.BaseAddress!, cookie); // a test client has an address
            return answer;
        }

        [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
        private static partial Regex AntiforgeryField();
    }
}
