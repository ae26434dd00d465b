using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Routing.Core.Budgets;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Providers;
using Routing.Core.Tables;
using Routing.Edge.Admission;
using Routing.Edge.Anthropic;
using Routing.Edge.Calls;
using Routing.Edge.Explain;
using Routing.Edge.OpenAI;
using Routing.Edge.Probes;
using Routing.Edge.Responses;
using Routing.Edge.Shadows;
using Routing.Edge.Snapshots;
using Routing.Edge.Usage;
using Routing.Identity;

namespace Routing.Edge;

/// <summary>The edge as a web application: alone in its process, inside AllInOne, or in a test.</summary>
public static class EdgeSetup
{
    /// <summary>Runs the edge as this process. The exit code is 1 when it could not start, with every reason on the error stream.</summary>
    public static async Task<int> RunAloneAsync(string[] args)
    {
        try
        {
            var builder = CreateBuilder(args);
            builder.Configuration.AddInMemoryCollection([new("Edge:InlineSockets", builder.Configuration["Edge:InlineSockets"] ?? "true")]);
            builder.AddEdge();
            builder.Services.AddSingleton<IHostLifetime, DrainLifetime>();
            var app = builder.Build();
            await using (app.ConfigureAwait(false))
            {
                app.MapEdge();
                await app.PrepareEdgeAsync(CancellationToken.None).ConfigureAwait(false);
                await app.RunAsync().ConfigureAwait(false);
            }

            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or EdgeStartException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("The edge cannot start:").ConfigureAwait(false);
            var lines = e is OptionsValidationException options ? options.Failures : [e.Message];
            foreach (var line in lines) await Console.Error.WriteLineAsync(line).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>A builder with nothing in it but the one appsettings.json, the environment and the arguments.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
        builder.Configuration
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // As long as its log listens, an activity with two random ids is made for every request, and nobody reads them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddQuietLoggers();
        // A stream that is cut on purpose ends with an exception, which Kestrel would log as an error each time; bugs are logged by EdgeRoutes.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        return builder;
    }

    public static WebApplicationBuilder AddEdge(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Options(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new EdgeSeed(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))));
        services.AddSingleton(new AddressRules(options.AllowedAddresses));
        var identity = Identity(builder.Configuration, options);
        services.AddSingleton(p => new TokenSources(p.GetRequiredService<AddressRules>(), p.GetRequiredService<TimeProvider>(), identity, p.GetRequiredService<EdgeSeed>().Small));
        services.AddHostedService<TokenKeeper>();
        services.AddSingleton<ProviderTransport>();
        services.AddSingleton(p => new EndpointHealthRegistry(p.GetRequiredService<TimeProvider>(), p.GetRequiredService<EdgeSeed>().Small) { Edges = options.Edges });
        services.AddSingleton<CurrentTable>();
        services.AddSingleton<ChatDispatcher>();
        services.AddSingleton<SnapshotApplier>();
        services.AddSingleton(p => new UsageSpool(Path.Combine(options.DataDirectory, "spool"), options.SpoolBytes, p.GetRequiredService<ILogger<UsageSpool>>()));
        services.AddSingleton<Drain>();
        services.AddSingleton<EdgeState>();
        services.AddSingleton<RequestIdSource>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton(p => new RecentShed(p.GetRequiredService<AdmissionControl>(), () => p.GetRequiredService<ShadowCopies>().Dropped, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ShadowCopies>();
        services.AddSingleton<BudgetKeeper>();
        services.AddHostedService(p => p.GetRequiredService<BudgetKeeper>());
        services.AddSingleton<CallPipeline>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<MessagesEndpoint>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<ExplainEndpoint>();
        services.AddSingleton<ProbeEndpoints>();
        services.AddSingleton<EdgeEndpoints>();
        services.AddSingleton<EdgeRoutes>();
        if (options.HasControlPlane) AddControlPlane(services, options);
        else AddFile(services, options);
        services.AddHostedService(p => p.GetRequiredService<ShadowCopies>()); // Behind the shipper: the last comes to rest first.
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + 10);
            // A helper that fails is an error in the log; requests are served on.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        AddKestrel(builder.WebHost, options);
        return builder;
    }

    public static WebApplication MapEdge(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var routes = app.Services.GetRequiredService<EdgeRoutes>();
        app.Run(routes.HandleAsync);
        return app;
    }

    /// <summary>Loads what there is to load before the listener opens, so that a ready edge answers its first request.</summary>
    /// <exception cref="EdgeStartException">The configuration file is missing or wrong.</exception>
    public static async Task PrepareEdgeAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.Services.GetRequiredService<EdgeOptions>();
        if (options.HasControlPlane)
        {
            await app.Services.GetRequiredService<EnvelopePuller>().StartFromDiskAsync(cancellationToken).ConfigureAwait(false);
            app.Services.GetRequiredService<BudgetKeeper>().Restore();
            return;
        }

        var outcome = await app.Services.GetRequiredService<ConfigFileSource>().LoadAsync(cancellationToken).ConfigureAwait(false);
        if (!outcome.Applied) throw new EdgeStartException($"{options.ConfigFile} cannot be used:{Environment.NewLine}{ConfigFileSource.Text(outcome.Problems)}");
        app.Services.GetRequiredService<BudgetKeeper>().Restore();
    }

    private static EdgeOptions Options(ConfigurationManager configuration)
    {
        var options = new EdgeOptions();
        configuration.GetSection(EdgeOptions.Section).Bind(options);
        var result = new EdgeOptionsValidator().Validate(null, options);
        if (result.Failed) throw new OptionsValidationException(EdgeOptions.Section, typeof(EdgeOptions), result.Failures);
        Directory.CreateDirectory(options.DataDirectory);
        return options;
    }

    private static IdentityOptions Identity(ConfigurationManager configuration, EdgeOptions edge)
    {
        var options = configuration.GetSection(IdentityOptions.Section).Get<IdentityOptions>() ?? new IdentityOptions();
        string[] problems = [.. options.Problems(new AddressRules(edge.AllowedAddresses))];
        return problems.Length == 0 ? options : throw new OptionsValidationException(IdentityOptions.Section, typeof(IdentityOptions), problems);
    }

    private static void AddControlPlane(IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton(new EdgeIdentityFile(options.DataDirectory));
        services.AddSingleton<ControlPlaneLink>();
        services.AddSingleton<PullSignal>();
        services.AddSingleton(p => new ControlPlaneClient(new Uri(options.ControlPlane.Address), () => p.GetRequiredService<ControlPlaneLink>().Credential));
        services.AddSingleton<IUsageSink>(p => p.GetRequiredService<ControlPlaneClient>());
        services.AddSingleton<EdgeCount>();
        services.AddSingleton<LeaseSource>();
        services.AddSingleton<EnvelopePuller>();
        services.AddHostedService(p => p.GetRequiredService<EnvelopePuller>());
        services.AddHostedService<NudgeListener>();
        services.AddHostedService<HealthReporter>();
        services.AddHostedService<UsageShipper>();
    }

    private static void AddFile(IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton<ConfigFileSource>();
        services.AddHostedService(p => p.GetRequiredService<ConfigFileSource>());
        if (options.UsageFile.Length == 0) return;
        services.AddSingleton<IUsageSink>(new UsageFileWriter(options.UsageFile));
        services.AddHostedService<UsageShipper>();
    }

    private static void AddKestrel(ConfigureWebHostBuilder host, EdgeOptions options)
    {
        // Off by default: a bare line feed would end a header line, which is how requests are smuggled past proxies.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        host.UseKestrelCore();
        host.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = options.InlineSockets;
            // 4 KB for every connection that waits, and one system call less for every request.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
            if (options.ReusePort) sockets.CreateBoundListenSocket = SharedPort.Bind;
        });
        host.UseUrls(options.Listen);
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // HashedKey keeps the last key of a connection: its requests must come one after the other.
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
            var limits = kestrel.Limits;
            // RequestBody keeps the limit. The server reads on behind its answer, for 5 s at most and as much again: a client that is cut off
            // while it sends never sees the answer that says why.
            limits.MaxRequestBodySize = options.MaxBodyBytes * 2L;
            limits.MaxConcurrentConnections = options.MaxConnections;
            limits.MaxRequestHeadersTotalSize = 16 * 1024;
            limits.MaxRequestHeaderCount = 64;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
    }
}

/// <summary>The edge must not start as it is configured.</summary>
public sealed class EdgeStartException(string message) : Exception(message);
