using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Tests.Data;

namespace ControlPlane.Web.Tests.Access;

public sealed class SignUpTests
{
    [Fact]
    public async Task FindLinkAsync_WhileSomebodyWrites_AnswersAtOnce()
    {
        await using Plane plane = await Plane.StartAsync(services: s => s.AddAccess(new ConfigurationBuilder().Build()));
        string link = (await plane.Get<SetupLink>().CreateIfNoUserAsync(default))!; // nobody exists yet

        SignUpLink? found = await plane.Get<WriteTransactions>().RunAsync(
            _ => plane.Get<SignUp>().FindLinkAsync(link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], default).WaitAsync(TimeSpan.FromSeconds(10)), default);

        Assert.Equal(Role.Admin, found?.Role);
    }
}
