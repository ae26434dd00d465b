using ControlPlane.Web.Data;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;
using ControlPlane.Web.Usage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Usage;

namespace ControlPlane.Web.Tests.Jobs;

public sealed class JobTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_JobWorked_IsNotedWithWhatItDid()
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.Get<UsageIngest>().StoreAsync("edge-1", new UsageBatch([Event(plane.Time)]), default);
        await plane.Get<JobRunner>().RunAsync("rollup", default);
        JobRunView run = (await plane.Get<JobRunStore>().ListAsync(default)).Single(r => r.Job == "rollup");
        Assert.True(run.LastOk);
        Assert.Equal("3 periods computed", run.LastMessage);
        Assert.Equal(1, run.Runs);
    }

    [Fact]
    public async Task RunAsync_JobFails_IsNotedAndTheNextRunClearsIt()
    {
        await using Plane plane = await Plane.StartAsync();
        await using (ControlPlaneDb db = plane.Db()) await RenameAsync(db, "DirtyMarks", "Gone");
        await plane.Get<JobRunner>().RunAsync("rollup", default);
        JobRunView failed = (await plane.Get<JobRunStore>().ListAsync(default)).Single(r => r.Job == "rollup");
        Assert.False(failed.LastOk);
        Assert.Equal(1, failed.Failures);
        Assert.NotNull(failed.LastFailedAt);
        await using (ControlPlaneDb db = plane.Db()) await RenameAsync(db, "Gone", "DirtyMarks");
        await plane.Get<JobRunner>().RunAsync("rollup", default);
        JobRunView mended = (await plane.Get<JobRunStore>().ListAsync(default)).Single(r => r.Job == "rollup");
        Assert.True(mended.LastOk);
        Assert.Equal(2, mended.Runs);
    }

    [Fact]
    public async Task JobClock_ProcessStarted_RunsTheRollupByItself()
    {
        string folder = Directory.CreateTempSubdirectory("plane-").FullName;
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration["ControlPlane:DataDirectory"] = folder;
        builder.Logging.ClearProviders();
        builder.Services.AddControlPlaneServices(builder.Configuration);
        builder.Services.AddJobClock(builder.Configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using (WebApplication app = builder.Build())
        {
            await app.StartAsync();
            using var limit = new CancellationTokenSource(Patience);
            JobRunStore runs = app.Services.GetRequiredService<JobRunStore>();
            while ((await runs.ListAsync(limit.Token)).Single(r => r.Job == "rollup").LastStartedAt is null)
                await Task.Delay(50, limit.Token);
            await app.StopAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Probes_OfPublishedEndpoints_AreBookedAsProbesUpToTheDailyCap()
    {
        await using WebApplication provider = await ProviderAsync();
        string address = provider.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(); // a started server has one
        await using Plane plane = await Plane.StartAsync(settings: s =>
        {
            s["ControlPlane:AllowedAddresses:0"] = new Uri(address).Authority;
            s["ControlPlane:ProbesPerDay"] = "2";
        });
        await PublishAsync(plane, address);

        ProbeJob probes = plane.Get<ProbeJob>();
        Assert.Equal(1, await probes.RunAsync(default));
        await using (ControlPlaneDb db = plane.Db())
        {
            AttemptRow attempt = await db.Attempts.SingleAsync();
            Assert.Equal((AttemptCause.Probe, AttemptOutcome.Answered, "local-model"), (attempt.Cause, attempt.Outcome, attempt.ModelEndpoint));
            Assert.Equal(7, attempt.InputTokens);
            Assert.True((await db.Requests.SingleAsync()).Probe);
        }
        await plane.Get<RollupJob>().RunAsync(default);
        Assert.Equal(1, await probes.RunAsync(default));
        await plane.Get<RollupJob>().RunAsync(default);
        Assert.Equal(0, await probes.RunAsync(default));
    }

    [Fact]
    public async Task Probes_OfAnEmbeddingModel_AskForAVector()
    {
        await using WebApplication provider = await ProviderAsync();
        string address = provider.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(); // a started server has one
        await using Plane plane = await Plane.StartAsync(settings: s => s["ControlPlane:AllowedAddresses:0"] = new Uri(address).Authority);
        await PublishAsync(plane, address, model: "text-embedding-x");

        Assert.Equal(1, await plane.Get<ProbeJob>().RunAsync(default));
        await using ControlPlaneDb db = plane.Db();
        AttemptRow attempt = await db.Attempts.SingleAsync();
        Assert.Equal((AttemptCause.Probe, AttemptOutcome.Answered, 3L), (attempt.Cause, attempt.Outcome, attempt.InputTokens));
    }

    /// <summary>In the words of either engine.</summary>
    private static async Task RenameAsync(ControlPlaneDb db, string table, string name)
    {
        foreach (MigrationCommand command in db.GetService<IMigrationsSqlGenerator>().Generate([new RenameTableOperation { Name = table, NewName = name }]))
            await db.Database.ExecuteSqlRawAsync(command.CommandText);
    }

    private static async Task PublishAsync(Plane plane, string address, string model = "m")
    {
        await Plane.Saved(plane.Get<ProviderAccountStore>().SaveAsync(Plane.Admin, new ProviderAccountForm { Id = "local", Provider = ProviderKind.OpenAICompatible, Address = address, CredentialKind = CredentialKind.ApiKey }, default));
        await Plane.Saved(plane.Get<ProviderAccountStore>().SetSecretAsync(Plane.Admin, "local", new Dictionary<string, string> { ["key"] = Plane.Canary }, default));
        await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, new ModelEndpointForm { Id = "local-model", Account = "local", Model = model }, default));
        await Plane.Saved(plane.Get<ModelEndpointStore>().SaveAsync(Plane.Admin, new ModelEndpointForm { Id = "unprobed", Account = "local", Model = "n", Probe = false }, default));
        await Plane.Saved(plane.Get<SnapshotPublisher>().PublishAsync(Plane.Admin, "first", 0, default));
    }

    /// <summary>Speaks OpenAI's stream; refuses who has not the stored key.</summary>
    private static async Task<WebApplication> ProviderAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("{**path}", async context =>
        {
            if (context.Request.Headers.Authorization != $"Bearer {Plane.Canary}")
            {
                context.Response.StatusCode = 401;
                return;
            }
            if (context.Request.Path == "/v1/embeddings")
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"data":[{"index":0,"embedding":[0.5]}],"usage":{"prompt_tokens":3,"total_tokens":3}}""");
                return;
            }
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("""
                data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"OK"},"finish_reason":null}]}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1,"total_tokens":8}}

                data: [DONE]


                """);
        });
        await app.StartAsync();
        return app;
    }

    private static UsageEvent Event(TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Feature = "channel-recap",
            ServedBy = "azure-gpt",
            Attempts = [new AttemptRecord { Number = 1, ModelEndpoint = "azure-gpt", StartedAt = now }],
        };
    }
}
