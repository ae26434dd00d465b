using Routing.Simulator.Answers;
using Routing.Simulator.Log;

namespace Routing.Simulator.Calls;

/// <summary>
/// What the log will say of one call. It is closed just before the last bytes leave, so that whoever has the answer finds
/// the call in the log; the first outcome stays.
/// </summary>
internal sealed class CallEntry(CallLog log, SimulatedCall call)
{
    private bool _closed;
    private int? _inputTokens;
    private int? _outputTokens;

    /// <summary>Status sent; 0 until a response is begun.</summary>
    public int Status { get; set; }

    public void Usage(Answer answer) => (_inputTokens, _outputTokens) = (answer.InputTokens, answer.OutputTokens);

    public void Close(string outcome)
    {
        if (_closed) return;
        _closed = true;
        log.Add(new CallRecord(0, call.At, call.Wire.Name, call.Region, call.Model, Status, call.Streamed, call.RequestId,
            _inputTokens, _outputTokens, outcome, call.Principal));
    }
}
