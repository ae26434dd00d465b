using System.Net.Http.Json;

namespace EndToEnd.Tests;

/// <summary>The stand-in clouds from the outside: what they were asked, and what they shall do wrong.</summary>
internal sealed class SimulatedClouds : IDisposable
{
    private readonly HttpClient _http;

    public SimulatedClouds(Uri address, string adminKey)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        _http.DefaultRequestHeaders.Add("x-sim-admin-key", adminKey);
    }

    public async Task<long> LastAsync() => (await CallsAfterAsync(0)).Select(c => c.Seq).LastOrDefault();

    public async Task<IReadOnlyList<CloudCall>> CallsAfterAsync(long seq) =>
        await _http.GetFromJsonAsync<List<CloudCall>>(new Uri($"/sim/log?after={seq}", UriKind.Relative)) ?? [];

    /// <param name="key"><c>wire/region/model</c>, any part <c>*</c>.</param>
    /// <param name="fault">The fault, as the simulator's README lists them.</param>
    public async Task BreakAsync(string key, object fault)
    {
        using var answer = await _http.PutAsJsonAsync(Faults(key), fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task MendAsync(string key)
    {
        using var answer = await _http.DeleteAsync(Faults(key));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <param name="service">As the simulator names it, for example <c>aws_sts</c>.</param>
    public async Task BreakTokensAsync(string service, object fault)
    {
        using var answer = await _http.PutAsJsonAsync(new Uri($"/sim/tokens/{service}/fault", UriKind.Relative), fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task MendTokensAsync(string service)
    {
        using var answer = await _http.DeleteAsync(new Uri($"/sim/tokens/{service}/fault", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<IReadOnlyDictionary<string, long>> TokensIssuedAsync() =>
        (await _http.GetFromJsonAsync<List<TokenCalls>>(new Uri("/sim/tokens", UriKind.Relative)) ?? []).ToDictionary(c => c.Service, c => c.Issued, StringComparer.Ordinal);

    public void Dispose() => _http.Dispose();

    private static Uri Faults(string key) => new($"/sim/faults/{key}", UriKind.Relative);
}

internal sealed record CloudCall(long Seq, string Wire, string Region, string Model, int Status, bool Streamed, int? InputTokens, int? OutputTokens, string Outcome);

internal sealed record TokenCalls(string Service, long Issued, long Refused);
