using Routing.Simulator.Faults;
using Routing.Simulator.Holds;
using Routing.Simulator.Log;
using Routing.Simulator.Tokens;

namespace Routing.Simulator;

/// <summary>Running stand-in clouds inside another process: for tests and the all-in-one program. Stops when disposed.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorHost(WebApplication app, Uri address, FaultBook faults, HoldBook holds, CallLog log, TokenFaultBook tokens) =>
        (_app, Address, Faults, Holds, Log, Tokens) = (app, address, faults, holds, log, tokens);

    /// <summary>Where it really listens, also when port 0 was asked for.</summary>
    public Uri Address { get; }
    public FaultBook Faults { get; }
    public HoldBook Holds { get; }
    public CallLog Log { get; }
    public TokenFaultBook Tokens { get; }

    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var (faults, holds, log, tokens) = (new FaultBook(options.Seed), new HoldBook(), new CallLog(), new TokenFaultBook());
        var app = SimulatorSetup.Build(options, time, faults, holds, log, tokens);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new SimulatorHost(app, new Uri(app.Urls.First()), faults, holds, log, tokens);
    }

    public async ValueTask DisposeAsync()
    {
        // Silent and stalled calls would hold the stop until its limit.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
