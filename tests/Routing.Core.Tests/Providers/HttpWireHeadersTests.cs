using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

public sealed class HttpWireHeadersTests
{
    [Fact]
    public void Item_NameInAnyCase_IsTheFirstValueAsItCame()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add("Retry-After", "5");
        response.Headers.Add("X-Request-Id", ["a", "b"]);
        var headers = new HttpWireHeaders(response);

        Assert.Equal(("5", "a", null), (headers["retry-after"], headers["x-request-id"], headers["request-id"]));
    }
}
