using ControlPlane.Web.Shell;

namespace ControlPlane.Web.Tests.Shell;

public sealed class UrlsTests
{
    [Fact]
    public void Feature_IdWithSlashAndMark_StaysOneSegment() => Assert.Equal("/features/a%2Fb%3Fc", Urls.Feature("a/b?c"));

    [Theory]
    [InlineData("/cost", "from", "now-1h", "/cost?from=now-1h")]
    [InlineData("/cost?from=now-6h&group=model", "from", "now-1h", "/cost?from=now-1h&group=model")]
    [InlineData("/cost?from=now-6h&group=model", "from", null, "/cost?group=model")]
    [InlineData("/cost?from=now-6h", "from", null, "/cost")]
    [InlineData("/cost", "q", "a b&c", "/cost?q=a%20b%26c")]
    public void WithQuery_AnyValue_LeavesTheRest(string address, string name, string? value, string expected) => Assert.Equal(expected, Urls.WithQuery(address, name, value));
}
