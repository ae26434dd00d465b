using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Tests.Data;
using Microsoft.AspNetCore.TestHost;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.Edges;

/// <summary>Over the wire: what anybody may send.</summary>
public sealed class EnrolEndpointTests : IAsyncLifetime
{
    private ServedPlane _plane = null!; // started in InitializeAsync

    private WebApplication App => _plane.App;

    public async Task InitializeAsync() => _plane = await ServedPlane.StartAsync();

    public async Task DisposeAsync() => await _plane.DisposeAsync();

    [Fact]
    public async Task Enrol_GoodTokenPacked_IsRefusedUnread()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(await GoodAsync());

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(packed.ToArray(), "gzip"));
    }

    [Fact]
    public async Task Enrol_GoodTokenInMoreThanItCanBe_IsRefused()
    {
        byte[] good = await GoodAsync();
        byte[] padded = [.. good, .. Enumerable.Repeat((byte)' ', (8 * 1024) - good.Length)];

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync([.. padded, (byte)' '], null));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(padded, null));
    }

    private async Task<byte[]> GoodAsync()
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        NewEnrolment permission = await App.Services.GetRequiredService<EdgeStore>().CreateEnrolmentAsync(Plane.Admin, "edge-a", default);
        return JsonSerializer.SerializeToUtf8Bytes(new EnrolRequest(permission.Token, "x", own.ExportSubjectPublicKeyInfo()), SnapshotJson.Default.EnrolRequest);
    }

    private async Task<HttpStatusCode> SendAsync(byte[] body, string? encoding)
    {
        using HttpClient http = App.GetTestClient();
        using var content = new ByteArrayContent(body);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        using HttpResponseMessage answer = await http.PostAsync(new Uri(EdgeApi.Enrol, UriKind.Relative), content);
        return answer.StatusCode;
    }
}
