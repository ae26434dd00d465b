using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

/// <summary>Sends one answer at its pace, with whatever goes wrong in the middle of it.</summary>
internal sealed class AnswerExchange(HttpContext http, SimulatedCall call, Answer answer, Pace pace, FaultRule? fault, TimeProvider time, CallEntry entry)
{
    private readonly long _began = time.GetTimestamp();
    private readonly HttpResponse _response = http.Response;
    private readonly CancellationToken _gone = http.RequestAborted;

    private string Outcome => fault is null ? "completed" : FaultNames.Of(fault.Kind);
    private TimeSpan Took => time.GetElapsedTime(_began);

    public async Task SendWholeAsync()
    {
        await pace.UntilWholeAnswerAsync(answer.OutputTokens, _gone);
        var body = new ArrayBufferWriter<byte>(1024);
        call.Wire.WriteWhole(body, call, answer, Took);
        _response.ContentType = "application/json";
        _response.ContentLength = body.WrittenCount;
        var whole = body.WrittenMemory;
        switch (fault?.Kind)
        {
            case FaultKind.Cut or FaultKind.Stall:
                await _response.BodyWriter.WriteAsync(whole[..(whole.Length / 2)], _gone);
                await _response.BodyWriter.FlushAsync(_gone);
                if (fault.Kind == FaultKind.Stall) await Task.Delay(Timeout.InfiniteTimeSpan, time, _gone);
                entry.Close(Outcome);
                http.Abort();
                return;
            case FaultKind.Malformed:
                _response.ContentLength = whole.Length / 2;
                entry.Close(Outcome);
                await _response.BodyWriter.WriteAsync(whole[..(whole.Length / 2)], _gone);
                return;
            default:
                entry.Usage(answer);
                entry.Close(Outcome);
                await _response.BodyWriter.WriteAsync(whole, _gone);
                return;
        }
    }

    public async Task StreamAsync()
    {
        _response.ContentType = call.Wire.StreamContentType(call);
        _response.Headers.CacheControl = "no-cache";
        var body = _response.BodyWriter;
        var breaksAt = fault?.Kind is FaultKind.Cut or FaultKind.Stall or FaultKind.ErrorInBand or FaultKind.Malformed ? fault.AfterChunks : int.MaxValue;

        // A cloud sends its headers when generation begins, not when the first token is there.
        if (!pace.IsInstant) await body.FlushAsync(_gone);
        await pace.UntilFirstTokenAsync(_gone);
        call.Wire.WriteStart(body, call, answer);
        for (var at = 0; at < answer.Tokens.Length && at < breaksAt; at++)
        {
            if (at > 0 && pace.MustSleep(out var sleep))
            {
                await body.FlushAsync(_gone);
                await pace.SleepAsync(sleep, _gone);
            }

            call.Wire.WriteToken(body, call, answer.Tokens.Span[at]);

            // Without a pace the rest goes out in one piece; the first token still travels alone, as clients measure it.
            if (at == 0) await body.FlushAsync(_gone);
        }

        if (breaksAt != int.MaxValue)
        {
            await BreakAsync();
            return;
        }

        call.Wire.WriteEnd(body, call, answer, Took);
        if (call.StreamsUsage) entry.Usage(answer);
        entry.Close(Outcome);
        await body.FlushAsync(_gone);
    }

    private async Task BreakAsync()
    {
        if (fault!.Kind == FaultKind.ErrorInBand) // Only a fault breaks a stream.
            call.Wire.WriteErrorInBand(_response.BodyWriter, call, fault with { Kind = fault.InBand });
        if (fault.Kind == FaultKind.Malformed) call.Wire.WriteBroken(_response.BodyWriter, call);
        if (fault.Kind != FaultKind.Stall) entry.Close(Outcome);
        await _response.BodyWriter.FlushAsync(_gone);
        if (fault.Kind == FaultKind.Stall) await Task.Delay(Timeout.InfiniteTimeSpan, time, _gone);
        if (fault is { Kind: FaultKind.Cut, Abrupt: true }) ConnectionReset.Apply(http);
    }
}
