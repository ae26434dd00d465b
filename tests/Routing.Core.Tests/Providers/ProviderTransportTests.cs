using System.Net;
using System.Net.Sockets;
using System.Text;
using Routing.Core.Credentials;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Providers;

public sealed class ProviderTransportTests
{
    [Fact]
    public async Task Send_LoopbackThatIsNotAllowed_IsNotConnectedTo()
    {
        using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var transport = new ProviderTransport(new AddressRules([]), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync(transport, server.Address));

        var failure = TransportFailures.Classify(refused);
        Assert.Equal(FailureKind.Transport, failure.Kind);
        Assert.Contains("public address", failure.Message, StringComparison.Ordinal);
        Assert.False(server.WasConnectedTo);
    }

    // The name is judged by what it resolves to, not by how it is spelt.
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_LoopbackSpeltOtherwise_IsNotConnectedTo(string host)
    {
        using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var transport = new ProviderTransport(new AddressRules([$"example.org:{server.Address.Port}"]), TimeProvider.System);
        await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync(transport, new Uri($"http://{host}:{server.Address.Port}/")));
        Assert.False(server.WasConnectedTo);
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        using var server = new OneAnswerServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n");
        using var transport = Allowing(server);
        using var response = await SendAsync(transport, server.Address);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Theory]
    [InlineData(ProviderKind.AzureOpenAI, "api-key: the-key")]
    [InlineData(ProviderKind.OpenAICompatible, "Authorization: Bearer the-key")]
    public async Task Send_ApiKey_IsWhereTheProviderWantsIt(ProviderKind kind, string header)
    {
        using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var transport = Allowing(server);
        using var response = await SendAsync(transport, server.Address, kind, new ApiKeyCredential("the-key"));
        var request = await server.Request;
        Assert.Contains(header + "\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Accept: application/json\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\n{\"a\":1}", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NoCredential_SendsNone()
    {
        using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var transport = Allowing(server);
        using var response = await SendAsync(transport, server.Address, ProviderKind.OpenAICompatible, NoCredential.Instance);
        Assert.DoesNotContain("Authorization", await server.Request, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("a\nX-Injected: 1")]
    public async Task Send_KeyWithLineEnd_IsNeverWritten(string key)
    {
        using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        using var transport = Allowing(server);
        await Assert.ThrowsAsync<FormatException>(async () => await SendAsync(transport, server.Address, ProviderKind.AzureOpenAI, new ApiKeyCredential(key)));
        Assert.False(server.WasConnectedTo);
    }

    [Fact]
    public async Task Send_NobodyListens_SaysRefused()
    {
        var server = new OneAnswerServer("");
        server.Dispose();
        using var transport = Allowing(server);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync(transport, server.Address));
        Assert.Equal("The provider refused the connection.", TransportFailures.Classify(refused).Message);
    }

    [Fact]
    public async Task Send_UnknownHost_SaysSo()
    {
        using var transport = new ProviderTransport(new AddressRules([]), TimeProvider.System);
        var unknown = await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync(transport, new Uri("https://nobody.invalid/")));
        Assert.Equal("The provider's host name could not be resolved.", TransportFailures.Classify(unknown).Message);
    }

    [Fact]
    public async Task Send_NoHttp_SaysSo()
    {
        using var server = new OneAnswerServer("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        using var transport = Allowing(server);
        var broken = await Assert.ThrowsAsync<HttpRequestException>(async () => await SendAsync(transport, server.Address));
        Assert.Equal("The provider's answer is not HTTP.", TransportFailures.Classify(broken).Message);
    }

    private static ProviderTransport Allowing(OneAnswerServer server) => new(new AddressRules([$"127.0.0.1:{server.Address.Port}"]), TimeProvider.System);

    private static async Task<HttpResponseMessage> SendAsync(
        ProviderTransport transport, Uri address, ProviderKind kind = ProviderKind.OpenAICompatible, CloudCredential? credential = null) =>
        await transport.SendAsync(new ProviderRequest(kind, new EndpointCall(address, "application/json", []), "", "{\"a\":1}"u8.ToArray()), credential, CancellationToken.None);

    /// <summary>Takes one connection, reads what is sent and answers with fixed bytes.</summary>
    private sealed class OneAnswerServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<string> _request = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OneAnswerServer(string answer)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _ = AnswerAsync(answer);
        }

        public Uri Address { get; }
        public bool WasConnectedTo { get; private set; }
        public Task<string> Request => _request.Task;

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync(string answer)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                WasConnectedTo = true;
                var buffer = new byte[16 * 1024];
                var (length, read) = (0, 1);
                while (read > 0 && !Encoding.ASCII.GetString(buffer, 0, length).EndsWith("{\"a\":1}", StringComparison.Ordinal))
                {
                    read = await client.GetStream().ReadAsync(buffer.AsMemory(length));
                    length += read;
                }

                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
                _request.SetResult(Encoding.ASCII.GetString(buffer, 0, length));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                _request.TrySetException(e);
            }
        }
    }
}
