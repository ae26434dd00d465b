using Routing.Core.Providers;

namespace Routing.Core.Tests.Providers;

public sealed class HttpWireHeadersTests
{
    [Fact]
    public void Item_NameInAnyCase_IsTheFirstValueAsItCame()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", "soon");
        response.Headers.TryAddWithoutValidation("X-Request-Id", ["a", "b"]);
        var headers = new HttpWireHeaders(response);

        Assert.Equal(("soon", "a", null), (headers["retry-after"], headers["x-request-id"], headers["request-id"]));
    }
}
