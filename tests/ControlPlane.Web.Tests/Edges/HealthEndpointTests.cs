using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Data;
using Microsoft.AspNetCore.TestHost;
using Routing.Core.Health;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Edges;

/// <summary>Over the wire: what edges of several versions say of themselves.</summary>
public sealed class HealthEndpointTests : IAsyncLifetime
{
    private ServedPlane _plane = null!; // started in InitializeAsync

    public async Task InitializeAsync() => _plane = await ServedPlane.StartAsync();

    public async Task DisposeAsync() => await _plane.DisposeAsync();

    [Theory]
    [InlineData("", null)]
    [InlineData(""","shed":{"interactive":2,"batch":40,"all":42}""", 0)]
    [InlineData(""","shed":{"interactive":2,"batch":40,"copies":9,"all":42}""", 9)]
    [InlineData(""","shed":{"interactive":2,"batch":40,"copies":9,"all":42,"another":7}""", 9)]
    public async Task Report_OfAnEdgeThatTellsLessOrMore_IsTakenForWhatItSays(string shed, int? copies)
    {
        using HttpClient edge = await EnrolledAsync();
        using var report = new StringContent($$"""{"at":"2026-11-26T09:00:00+00:00","endpoints":[]{{shed}}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await edge.PostAsync(new Uri(EdgeApi.Health, UriKind.Relative), report);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(copies is { } told ? new ShedCalls(2, 40, told) : null, Assert.Single(await _plane.App.Services.GetRequiredService<EdgeBoard>().LiveAsync(default)).Shed);
    }

    private async Task<HttpClient> EnrolledAsync()
    {
        EdgeStore edges = _plane.App.Services.GetRequiredService<EdgeStore>();
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        NewEnrolment permission = await edges.CreateEnrolmentAsync(Plane.Admin, "edge-a", default);
        EnrolResponse enrolled = (await edges.EnrolAsync(new EnrolRequest(permission.Token, "edge-a", own.ExportSubjectPublicKeyInfo()), default))!; // its token is good
        HttpClient http = _plane.App.GetTestClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", enrolled.Credential);
        return http;
    }
}
