using Routing.Core.Health;
using Routing.Edge.Admission;
using Routing.Edge.Usage;
using Routing.Identity;

namespace Routing.Edge.Snapshots;

/// <summary>
/// Tells the control plane how the model endpoints are, what it had to refuse and what it spent: every two seconds, and at once after a breaker moved. The answer tells how many
/// edges there are, and how far this one may spend.
/// </summary>
internal sealed partial class HealthReporter(
    EndpointHealthRegistry health, TokenSources tokens, ControlPlaneClient controlPlane, ControlPlaneLink link, EdgeCount edges, RecentShed shed, BudgetKeeper budgets, EdgeSeed seed, TimeProvider time, ILogger<HealthReporter> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly Backoff _backoff = new(Beat, TimeSpan.FromSeconds(30), seed.Small ^ 7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await link.WaitAsync(stoppingToken).ConfigureAwait(false);
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Beat;
            try
            {
                await ReportAsync(stoppingToken).ConfigureAwait(false);
                _backoff.Reset();
                failing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                wait = _backoff.Next();
                if (!failing) Failed(log, e.Message);
                failing = true;
            }

            if (failing) await Task.Delay(wait, time, stoppingToken).ConfigureAwait(false);
            else await BeatOrTransitionAsync(wait, stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Transitions stay in the log until the control plane has them; it stores each id once.</summary>
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        health.Tick();
        var transitions = health.TakeTransitions();
        var report = new HealthReport { At = time.GetUtcNow(), Endpoints = health.Views(), Transitions = transitions, Identities = tokens.Views(), Shed = shed.Read(), Budgets = budgets.Read() };
        var receipt = await controlPlane.ReportAsync(report, cancellationToken).ConfigureAwait(false);
        health.AcknowledgeTransitions(transitions);
        if (receipt is { Edges: > 0 }) edges.Hear(receipt.Edges);
        if (receipt is { Budgets.IsDefaultOrEmpty: false }) budgets.Hear(receipt.Budgets);
    }

    private async Task BeatOrTransitionAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await health.WaitForTransitionAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The beat itself.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Health could not be reported ({Reason}); transitions are kept and sent later.")]
    private static partial void Failed(ILogger log, string reason);
}
