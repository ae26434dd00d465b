using Routing.Simulator.Answers;
using Routing.Simulator.Faults;
using Routing.Simulator.Holds;
using Routing.Simulator.Log;

namespace Routing.Simulator.Calls;

/// <summary>Takes an accepted request to its answer: fault, answer, pace, bytes, record. The same for every wire.</summary>
internal sealed class CallRunner(SimulatorOptions options, BehaviourBook behaviours, FaultBook faults, HoldBook holds, CallLog log, SimulatorIds ids, TimeProvider time)
{
    private readonly AnswerWriter _answers = new(options.Seed);

    public async Task RunAsync(HttpContext http, SimulatedCall call)
    {
        var fault = faults.Roll(call.Wire.Name, call.Region, call.Model);

        // A call that names where to spill to is spilled instead of refused.
        if (fault?.Kind == FaultKind.ReservedExhausted && call.SpillTarget is not null) fault = fault with { Kind = FaultKind.Spilled };
        if (fault?.Kind == FaultKind.PrefillRefused) fault = call.Ask.EndsWithModel ? fault with { Kind = FaultKind.InvalidRequest } : null;
        var entry = new CallEntry(log, call);
        try
        {
            await AnswerAsync(http, call, fault, entry);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // A client that gives up on a fault has met that fault: the fault is what the log should say.
            entry.Close(fault is null ? "client_gone" : FaultNames.Of(fault.Kind));
        }
    }

    /// <summary>Refuses and logs a request that got no further than the door.</summary>
    public Task RefuseAsync(HttpContext http, SimulatedCall call, ErrorReply reply) =>
        SendAsync(http, call, reply, new CallEntry(log, call), "refused");

    /// <summary>As above, for a body that was not read to its end.</summary>
    public Task RefuseTooLargeAsync(HttpContext http, SimulatedCall call) =>
        RefuseAsync(http, call, call.Wire.Refuse(new FaultRule { Kind = FaultKind.RequestTooLarge }, call)!); // Every wire refuses this kind.

    private async Task AnswerAsync(HttpContext http, SimulatedCall call, FaultRule? fault, CallEntry entry)
    {
        if (fault is not null && await TryApplyAsync(http, call, fault, entry)) return;
        var behaviour = behaviours.Of(call.Wire.Name, call.Region, call.Model);
        if (call.Ask.InputTokens > behaviour.ContextTokens)
        {
            var tooLong = call.Wire.Refuse(new FaultRule { Kind = FaultKind.ContextTooLong }, call)!; // Every wire refuses this kind.
            await SendAsync(http, call, tooLong, entry, "refused");
            return;
        }

        call = Settle(call, behaviour, fault);
        var ask = call.TellsReasoning ? call.Ask with { ShowsThoughts = true } : call.Ask;
        if (fault?.Kind == FaultKind.PrefillEchoed) ask = ask with { EchoesBegun = true };
        var answer = FaultedAnswer.Apply(call.Generates ? _answers.Write(ask, call.Model, behaviour) : AnswerWriter.Nothing(ask.InputTokens), fault);
        call.Wire.AddHeaders(http.Response.Headers, call);
        entry.Status = StatusCodes.Status200OK;
        var hold = holds.Of(call.Wire.Name, call.Region, call.Model);
        var exchange = new AnswerExchange(http, call, answer, PaceOf(behaviour, fault), fault, hold, time, entry);
        await (call is { Streamed: true, Form: IStreamedForm form } ? exchange.StreamAsync(form) : exchange.SendWholeAsync());
    }

    private static SimulatedCall Settle(SimulatedCall call, ModelBehaviour behaviour, FaultRule? fault) => call with
    {
        // What overflowed is on-demand, whatever was asked for.
        TrafficType = fault?.Kind == FaultKind.Spilled ? "ON_DEMAND" : call.TrafficType ?? behaviour.TrafficType,
        TellsReasoning = behaviour.TellsReasoning,
        Spilled = fault?.Kind == FaultKind.Spilled,
        OmitsSentinel = fault?.Kind == FaultKind.MissingDone,
        SpillTarget = call.SpillTarget ?? fault?.Word,
    };

    private Pace PaceOf(ModelBehaviour behaviour, FaultRule? fault)
    {
        var pace = Pace.Draw(behaviour, options.Speed, ids.NextRandom(), time);
        return fault?.Kind switch
        {
            FaultKind.SlowFirstToken => pace.With(TimeSpan.FromMilliseconds(fault.Ms), null),
            FaultKind.SlowTokens => pace.With(null, TimeSpan.FromSeconds(1 / Math.Max(0.01, fault.TokensPerSecond))),
            _ => pace,
        };
    }

    /// <summary>Faults that leave no room for an answer; true when the fault was the whole of the call.</summary>
    private async Task<bool> TryApplyAsync(HttpContext http, SimulatedCall call, FaultRule fault, CallEntry entry)
    {
        switch (fault.Kind)
        {
            case FaultKind.Reset:
                entry.Close(FaultNames.Of(fault.Kind));
                ConnectionReset.Apply(http);
                return true;
            case FaultKind.Silence:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
                return true;
            case FaultKind.Html:
                entry.Status = StatusCodes.Status200OK;
                entry.Close(FaultNames.Of(fault.Kind));
                http.Response.ContentType = "text/html; charset=utf-8";
                await http.Response.WriteAsync(ProxyPage.Text, http.RequestAborted);
                return true;
            default:
                // Inside a stream there is room for the error; a whole answer has none but its status.
                var inBand = fault.Kind == FaultKind.ErrorInBand;
                if ((inBand && call.Streamed) || call.Wire.Refuse(inBand ? fault with { Kind = fault.InBand } : fault, call) is not { } reply) return false;
                await SendAsync(http, call, reply, entry, FaultNames.Of(fault.Kind));
                return true;
        }
    }

    private static Task SendAsync(HttpContext http, SimulatedCall call, ErrorReply reply, CallEntry entry, string outcome)
    {
        entry.Status = reply.Status;
        entry.Close(outcome);
        call.Wire.AddHeaders(http.Response.Headers, call);
        return reply.SendAsync(http.Response);
    }
}
