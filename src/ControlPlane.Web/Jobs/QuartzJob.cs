using Quartz;

namespace ControlPlane.Web.Jobs;

/// <summary>What the job library knows: a name. The work is in plain classes.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob(JobRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await runner.RunAsync(context.JobDetail.Key.Name, cancellationToken);
}
