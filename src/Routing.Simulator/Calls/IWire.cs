using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

/// <summary>
/// How one cloud spells answers and errors. Implementations only write bytes: timing, faults and the log are the same for all
/// and live in <see cref="CallRunner"/>.
/// </summary>
internal interface IWire
{
    /// <summary>First part of an endpoint key: bedrock, vertex, azure, openai.</summary>
    string Name { get; }

    string StreamContentType(SimulatedCall call);

    /// <summary>Headers every response of this cloud carries.</summary>
    void AddHeaders(IHeaderDictionary headers, SimulatedCall call);

    /// <summary>The refusal a fault means on this wire; null = this wire answers with 200 and says it in the body.</summary>
    ErrorReply? Refuse(FaultRule fault, SimulatedCall call);

    void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took);

    void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer);
    void WriteToken(IBufferWriter<byte> body, SimulatedCall call, string text);
    void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took);

    void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault);

    /// <summary>A chunk that no reader may accept.</summary>
    void WriteBroken(IBufferWriter<byte> body, SimulatedCall call);
}
