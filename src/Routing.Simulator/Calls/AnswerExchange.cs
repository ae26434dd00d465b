using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Faults;
using Routing.Simulator.Holds;

namespace Routing.Simulator.Calls;

/// <summary>Sends one answer at its pace, with whatever goes wrong in the middle of it.</summary>
internal sealed class AnswerExchange(HttpContext http, SimulatedCall call, Answer answer, Pace pace, FaultRule? fault, Hold? hold, TimeProvider time, CallEntry entry)
{
    // What is flushed is sent in the background; a connection broken at once would take it back.
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();
    private readonly HttpResponse _response = http.Response;
    private readonly CancellationToken _gone = http.RequestAborted;

    private string Outcome => fault is null ? "completed" : FaultNames.Of(fault.Kind);
    private TimeSpan Took => time.GetElapsedTime(_began);

    public async Task SendWholeAsync()
    {
        if (hold is not null) await hold.TakeAsync(_gone);
        await pace.UntilWholeAnswerAsync(answer.OutputTokens, _gone);
        var body = new ArrayBufferWriter<byte>(1024);
        call.Form.WriteWhole(body, call, answer, Took);
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

    public async Task StreamAsync(IStreamedForm form)
    {
        _response.ContentType = form.StreamContentType(call);
        _response.Headers.CacheControl = "no-cache";
        var body = _response.BodyWriter;

        // A cloud sends its headers when generation begins, not when the first token is there.
        if (!pace.IsInstant || hold is not null) await body.FlushAsync(_gone);
        await pace.UntilFirstTokenAsync(_gone);
        form.WriteStart(body, call, answer);
        await StreamPartsAsync(form, body);
        if (BreaksAt != int.MaxValue)
        {
            await BreakAsync(form);
            return;
        }

        form.WriteEnd(body, call, answer, Took);
        if (call.StreamsUsage) entry.Usage(answer);
        entry.Close(Outcome);
        await body.FlushAsync(_gone);
        if (fault is { Kind: FaultKind.Cut, AfterEnd: true }) await BreakAfterEndAsync();
    }

    private async Task BreakAfterEndAsync()
    {
        await Task.Delay(TimeToLeave, time, _gone);
        http.Abort();
    }

    private bool IsGarbledAt(int part) => fault is { Kind: FaultKind.Malformed, GoesOn: true } && part == fault.AfterChunks;

    private int BreaksAt => fault is { AfterEnd: false, GoesOn: false, Kind: FaultKind.Cut or FaultKind.Stall or FaultKind.ErrorInBand or FaultKind.Malformed } ? fault.AfterChunks : int.MaxValue;

    private async Task StreamPartsAsync(IStreamedForm form, System.IO.Pipelines.PipeWriter body)
    {
        var (at, breaksAt) = (0, BreaksAt);
        foreach (var (block, part) in answer.InStreamOrder())
        {
            if (at >= breaksAt) return;
            if (at > 0 && pace.MustSleep(out var sleep))
            {
                await body.FlushAsync(_gone);
                await pace.SleepAsync(sleep, _gone);
            }

            if (hold is not null) await hold.TakeAsync(_gone);
            if (IsGarbledAt(at)) form.WriteBroken(body, call);
            form.WritePart(body, call, block, part);

            // Without a pace the rest goes out in one piece; the first token still travels alone, as clients measure it.
            if (at == 0 || hold is not null) await body.FlushAsync(_gone);
            at++;
        }
    }

    private async Task BreakAsync(IStreamedForm form)
    {
        if (fault!.Kind == FaultKind.ErrorInBand) // Only a fault breaks a stream.
            form.WriteErrorInBand(_response.BodyWriter, call, fault with { Kind = fault.InBand });
        if (fault.Kind == FaultKind.Malformed) form.WriteBroken(_response.BodyWriter, call);
        if (fault.Kind != FaultKind.Stall) entry.Close(Outcome);
        await _response.BodyWriter.FlushAsync(_gone);
        if (fault.Kind == FaultKind.Stall) await Task.Delay(Timeout.InfiniteTimeSpan, time, _gone);
        if (fault is { Kind: FaultKind.Cut, Abrupt: true }) ConnectionReset.Apply(http);
    }
}
