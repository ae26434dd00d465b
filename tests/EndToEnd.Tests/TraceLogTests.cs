using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>
/// Every logger of every part at its most talkative, and whatever may be known to one person only goes through the product once:
/// typed into a form, shown once on a page, sent in a call, answered by a cloud. None of it is in the log, in a file or in the database.
/// </summary>
public sealed partial class TraceLogTests : IAsyncLifetime
{
    private const string Prompt = "prompt-canary-Zx81-4412 tell me about the launch";
    private const string TypedKey = "typed-canary-Vb55-9921-Qw37";
    private const string Marker = "/marker-Lk20-7719";
    private const string CallerKey = nameof(CallerKey);

    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);

    // What the first start makes for its owner, and what an edge is known by.
    private static readonly string[] MadeToHoldSecrets = ["sample-credentials.json", "edge/identity.json"];

    private readonly SignedInBrowser _browser = new TalkativeBrowser();

    private RunningProduct Product => _browser.Product;

    public Task InitializeAsync() => _browser.InitializeAsync();

    public Task DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task TraceLogAndFiles_OfAWorkingDay_HoldNoSecretNoPromptAndNoAnswer()
    {
        List<Canary> canaries = [.. await CallsAsync(), .. await PagesAsync(), .. await StoredAsync()];
        var log = await WholeLogAsync();

        // The search finds what is there: the least important words of both parts, and of every canary the one place where it is meant to be.
        foreach (var shown in new[] { "trce: ", "dbug: ", "/_blazor", "/edge/v1/", "thread-summary" }) Assert.Contains(shown, log, StringComparison.Ordinal);
        Assert.Contains(FilesWith("azure-main"), f => f.StartsWith("control-plane/control-plane.db", StringComparison.Ordinal));
        Assert.All(canaries, c => Assert.True(c.Value.Length >= 16, c.Name));
        Assert.All(canaries.Where(c => c.File.Length > 0), c => Assert.Contains(c.File, FilesWith(c.Value), StringComparer.Ordinal));

        var leaks = canaries.SelectMany(c => LinesWith(log, c).Skip(c.Welcomed ? 1 : 0)).ToList();
        Assert.True(leaks.Count == 0, string.Join("\n", leaks));
        foreach (var canary in canaries) Assert.Equal((canary.Name, ""), (canary.Name, string.Join(", ", FilesWith(canary.Value).Except(MadeToHoldSecrets, StringComparer.Ordinal))));
        Assert.All(canaries.Where(c => c.Welcomed), c => Assert.Single(LinesWith(log, c)));
    }

    private async Task<List<Canary>> CallsAsync()
    {
        var client = new FeatureClient(Product, "thread-summary");
        var whole = await client.AskAsync(Prompt);
        var streamed = await client.StreamAsync(Prompt);
        await Product.Clouds.BreakAsync("bedrock/us-east-1/*", new { kind = "internal", rate = 1 });
        var failedOver = await client.AskAsync(Prompt);
        return [new("the prompt", Prompt), new("an answer", whole.Text), new("a streamed answer", streamed.Text), new("an answer after failing over", failedOver.Text)];
    }

    /// <summary>A credential is typed, a caller's key and an enrolment token are made.</summary>
    private async Task<List<Canary>> PagesAsync()
    {
        var page = await _browser.OpenAsync("light");
        await page.GotoAsync("/callers");
        await DialogKeys.UntilAsync(page.GetByTestId("make-key"), page.GetByTestId("new-key"));
        var key = await page.GetByTestId("new-key").Locator("code").InnerTextAsync();

        page = await _browser.OpenAsync("light");
        await page.GotoAsync("/edges");
        await DialogKeys.OpenAsync(page, page.GetByTestId("enrol-edge"));
        await DialogKeys.PressAsync(page, "Make a token");
        var token = await page.GetByTestId("enrolment").Locator("code").First.InnerTextAsync();

        await page.GotoAsync("/providers/azure-main");
        // What is typed before the circuit stands is lost with it; once stored, the page says how it ends.
        await Poll.UntilAsync("the credential is stored", StepLimit, async () =>
        {
            await page.Locator("#secret-key").FillAsync(TypedKey);
            await page.GetByTestId("set-secret").ClickAsync();
            return await DialogKeys.SoonAsync(() => page.GetByText("ends in …" + TypedKey[^4..]).First.WaitForAsync(new() { Timeout = 2_000 }));
        });
        var cookies = (await page.Context.CookiesAsync()).Where(c => c.HttpOnly).Select(c => new Canary("the cookie " + c.Name, c.Value)).ToList();
        Assert.NotEmpty(cookies);
        return [new("a new caller key", key), new("an enrolment token", token), new("a typed credential", TypedKey), .. cookies];
    }

    private async Task<List<Canary>> StoredAsync()
    {
        List<Canary> canaries =
        [
            new("the password", SignedInBrowser.Password), new("the sign-in link's token", Product.SignIn.Query["?token=".Length..], Welcomed: true),
        ];
        foreach (var file in MadeToHoldSecrets)
        {
            using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Product.PathOf(file)));
            foreach (var field in secrets.RootElement.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.String && SecretField().IsMatch(f.Name)))
            {
                var value = field.Value.GetString()!; // a string, see above
                var line = value.StartsWith("-----BEGIN", StringComparison.Ordinal) ? value.Split('\n')[2] : value; // of a long key one line
                canaries.Add(new(field.Name, line, file, field.Name is CallerKey));
            }
        }

        return canaries;
    }

    /// <summary>Up to what both parts write when asked for a path that they do not have, which comes last.</summary>
    private async Task<string> WholeLogAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var part in new[] { Product.Edge, Product.ControlPlane }) using (await http.GetAsync(new Uri(part, Marker))) { }
        await Poll.UntilAsync("the marker is in the log", StepLimit, () => Task.FromResult(Product.Printed().Split(Marker).Length > 2));
        return Product.Printed();
    }

    private List<string> FilesWith(string text)
    {
        var root = Product.PathOf("");
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(f => Holds(Encoding.Latin1.GetString(File.ReadAllBytes(f)), text));
        return [.. files.Select(f => Path.GetRelativePath(root, f))];
    }

    // With the line before it, which names the logger.
    private static IEnumerable<string> LinesWith(string log, Canary canary)
    {
        var lines = log.Split('\n');
        return Enumerable.Range(0, lines.Length).Where(i => Holds(lines[i], canary.Value)).Select(i => $"{canary.Name}: {(i > 0 ? lines[i - 1] : "")} {lines[i]}");
    }

    // As it is, or as JSON writes it.
    private static bool Holds(string text, string value) =>
        text.Contains(value, StringComparison.Ordinal) || text.Contains(JsonEncodedText.Encode(value).Value, StringComparison.Ordinal);

    // The signing key there is the public half.
    [GeneratedRegex("^(?!signing).*(Key|Secret|Pem|Credential)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretField();

    private sealed class TalkativeProduct : RunningProduct
    {
        protected override IEnumerable<string> Arguments => ["--Logging:Console:LogLevel:Default=Trace"];
    }

    private sealed class TalkativeBrowser() : SignedInBrowser(new TalkativeProduct());

    /// <param name="File">Where it is stored on purpose.</param>
    /// <param name="Welcomed">Shown once in the welcome, on purpose.</param>
    private sealed record Canary(string Name, string Value, string File = "", bool Welcomed = false);
}
