using ControlPlane.Web.Data;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quartz;
using Routing.Core.Providers;
using Routing.Identity;

namespace ControlPlane.Web.Jobs;

/// <summary>
/// SQLite: jobs live in memory, because every one is recurring and may be repeated. SQL Server: one store for all nodes, so that a job runs on
/// one of them at a time.
/// </summary>
internal static class JobSetup
{
    // Names and intervals without building the jobs: the scheduler is configured before anything can be resolved.
    private static readonly (string Name, TimeSpan Every)[] Fixed = [("rollup", TimeSpan.FromSeconds(2)), ("retention", TimeSpan.FromHours(1))];

    public static void AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton(Identity);
        services.AddSingleton<EndpointProbe>();
        services.AddSingleton<ProbeJob>();
        services.AddSingleton<JobSchedule>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobRunStore>();
    }

    private static IdentityOptions Identity(IServiceProvider provider)
    {
        IdentityOptions options = provider.GetRequiredService<IConfiguration>().GetSection(IdentityOptions.Section).Get<IdentityOptions>() ?? new IdentityOptions();
        string[] problems = [.. options.Problems(provider.GetRequiredService<AddressRules>())];
        return problems.Length == 0 ? options : throw new OptionsValidationException(IdentityOptions.Section, typeof(IdentityOptions), problems);
    }

    /// <summary>Starts the clockwork; apart from <see cref="AddJobs"/>, so that tests run jobs by hand.</summary>
    public static void AddJobClock(this IServiceCollection services, IConfiguration configuration)
    {
        DatabaseOptions database = configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();
        PlaneOptions plane = configuration.GetSection(PlaneOptions.Section).Get<PlaneOptions>() ?? new();
        services.AddQuartz("control-plane", quartz =>
        {
            if (database.Provider == DatabaseProvider.SqlServer) UseSqlServer(quartz, database.ConnectionString);
            foreach ((string name, TimeSpan every) in Fixed) Schedule(quartz, name, every);
            Schedule(quartz, "probes", TimeSpan.FromSeconds(plane.ProbeSeconds));
        });
        services.AddQuartzHostedService("control-plane", hosted => hosted.WaitForJobsToComplete = true);
    }

    private static void Schedule(IQuartzBuilder quartz, string name, TimeSpan every)
    {
        var key = new JobKey(name);
        quartz.AddJob<QuartzJob>(job => job.WithIdentity(key).StoreDurably());
        quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(name).StartNow()
            .WithSimpleSchedule(simple => simple.WithInterval(every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
    }

    private static void UseSqlServer(IQuartzBuilder quartz, string connectionString)
    {
        quartz.ConfigureScheduler(scheduler => scheduler.GenerateInstanceId = true);
        quartz.UsePersistentStore(store =>
        {
            store.UseSqlServer(connectionString);
            store.UseClustering();
            store.ProvisionSchema();
        });
    }
}
