using System.Net;

namespace Clients.Tests.Faults;

/// <summary>What the tests of the sixteen faults judge alike.</summary>
internal static class Verdict
{
    /// <summary>The caller has the whole answer of one provider, under its model's name and with its usage, and cannot tell that anything went wrong but by the headers.</summary>
    public static void IsServedBy(Provider provider, CallerSaw healthy, CallerSaw saw, int attempts)
    {
        Assert.Null(saw.Error);
        Assert.Null(healthy.Error);
        Assert.Equal(HttpStatusCode.OK, saw.Status);
        Assert.Equal((healthy.Text, healthy.Model, "Stop"), (saw.Text, saw.Model, saw.Finish));
        Assert.Equal((healthy.Input, healthy.Output), (saw.Input, saw.Output));
        Assert.True(saw.Text.Length > 0 && saw.Input > 0 && saw.Output > 0);
        Assert.Equal((provider.Feature, attempts), (saw.ServedBy, saw.Attempts));
        Assert.Null(saw.Kind);
    }

    /// <summary>The caller has a typed error instead of an answer, and nothing of an answer.</summary>
    public static void IsRefused(CallerSaw saw, int status, string code, string kind, int attempts)
    {
        Assert.NotNull(saw.Error);
        Assert.Equal((status, code, kind), ((int)saw.Status, saw.Code, saw.Kind));
        Assert.Equal(("", "", null, attempts), (saw.Text, saw.Finish, saw.ServedBy, saw.Attempts));
    }
}
