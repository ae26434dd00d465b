using System.Buffers;
using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Edge.Admission;
using Routing.Edge.Calls;
using Routing.Edge.Probes;
using Routing.Edge.Usage;

namespace Routing.Edge.Shadows;

/// <summary>
/// Sends copies of answered calls to the shadows of their feature. Beside the requests and never in their way: begun behind the answer's last byte,
/// from bytes of its own, few at a time, without a place in the lanes, and not at all while the edge has much to do or is stopping.
/// </summary>
internal sealed partial class ShadowCopies(
    ChatDispatcher dispatcher, UsageSpool spool, RequestIdSource ids, AdmissionControl admission, Drain drain, EdgeOptions options, TimeProvider time, ILogger<ShadowCopies> log) : IHostedService, IDisposable
{
    // How long copies under way may go on once everything else has ended.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CopyRoom _room = new(options.ShadowInFlight);
    private readonly CancellationTokenSource _stop = new();
    private long _dropped;
    private long _refused;

    public int InFlight => _room.Copies;

    /// <summary>Copies for which there was no room, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Copies that their endpoint could not take, since the start: its breaker is open, its quota used up, or the call is not for it.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>A call was answered to its end: copies it if it is of the share.</summary>
    /// <param name="json">The request's body, which is the caller's again after this.</param>
    public void Offer(IInboundApi api, ReadOnlySpan<byte> json, FeatureRoute route, RoutingTable table, in RequestIdentity original)
    {
        if (!route.DrawsShadow()) return;
        foreach (var shadow in route.Shadows)
        {
            if (drain.IsDraining || !admission.HasSlack || !_room.TryEnter(json.Length)) Interlocked.Increment(ref _dropped);
            else _ = RunAsync(api, Copy(json), shadow, table, original);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server has drained by now, and the ledger is still shipped: whatever a copy has cost is in it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var ended = _room.CloseAsync();
        await EndOrAsync(ended, cancellationToken).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await EndOrAsync(ended, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    private static ArraySegment<byte> Copy(ReadOnlySpan<byte> json)
    {
        var rented = ArrayPool<byte>.Shared.Rent(json.Length);
        json.CopyTo(rented);
        return new ArraySegment<byte>(rented, 0, json.Length);
    }

    private async Task RunAsync(IInboundApi api, ArraySegment<byte> json, FeatureRoute shadow, RoutingTable table, RequestIdentity original)
    {
        // The caller's connection goes on with its next request.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (api.TryRead(json, out var call, out _)) Book(await SendAsync(call, shadow, table, original.Caller).ConfigureAwait(false), original);
        }
        catch (Exception e)
        {
            Failed(log, e, shadow.Name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json.Array!); // Rented above.
            _room.Leave(json.Count);
        }
    }

    private ValueTask<DispatchResult> SendAsync(ChatCall call, FeatureRoute shadow, RoutingTable table, string caller)
    {
        var at = time.GetUtcNow();
        return dispatcher.DispatchAsync(call, shadow, table, new RequestIdentity(ids.Next(at), at, time.GetTimestamp(), caller), UnreadAnswer.Instance, _stop.Token);
    }

    private void Book(in DispatchResult result, in RequestIdentity original)
    {
        if (result.Event.Attempts.IsEmpty) Interlocked.Increment(ref _refused);
        else spool.Append(result.Event with { ShadowOf = original.Id.ToString() });
        if (result.Bug is { } bug) Failed(log, bug, result.Event.Feature);
    }

    private async Task EndOrAsync(Task ended, CancellationToken cancellationToken) =>
        await ended.WaitAsync(Grace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Error, "The copy of a call of feature {Feature} failed with a bug of ours; its caller has been answered.")]
    private static partial void Failed(ILogger log, Exception exception, string feature);
}
