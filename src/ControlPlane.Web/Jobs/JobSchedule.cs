using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Web.Data;
using ControlPlane.Web.Usage;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Jobs;

/// <summary>Every job there is, and how often.</summary>
internal sealed class JobSchedule(RollupJob rollup, RetentionJob retention, ProbeJob probes, IOptions<PlaneOptions> options)
{
    public ImmutableArray<ScheduledJob> Jobs { get; } =
    [
        new("rollup", "Recomputes what charts read", TimeSpan.FromSeconds(2), async ct => Counted(await rollup.RunAsync(ct), "period computed", "periods computed")),
        new("retention", "Deletes what has served its time", TimeSpan.FromHours(1), async ct => Counted(await retention.RunAsync(ct), "row deleted", "rows deleted")),
        new("probes", "Sends a few tokens to each published model endpoint", TimeSpan.FromSeconds(options.Value.ProbeSeconds),
            async ct => Counted(await probes.RunAsync(ct), "endpoint probed", "endpoints probed")),
    ];

    public ScheduledJob Find(string name) => Jobs.First(j => j.Name == name);

    private static string Counted(int count, string one, string many) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
