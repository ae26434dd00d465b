using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Calls;

/// <summary>How one cloud names itself and refuses. Timing, faults and the log are the same for all and live in <see cref="CallRunner"/>.</summary>
internal interface IWire
{
    /// <summary>First part of an endpoint key: bedrock, vertex, azure, openai, anthropic.</summary>
    string Name { get; }

    /// <summary>Headers every response of this cloud carries.</summary>
    void AddHeaders(IHeaderDictionary headers, SimulatedCall call);

    /// <summary>The refusal a fault means on this wire; null = this wire answers with 200 and says it in the body.</summary>
    ErrorReply? Refuse(FaultRule fault, SimulatedCall call);
}

/// <summary>How one operation spells its answer. Implementations only write bytes.</summary>
internal interface IAnswerForm
{
    void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took);
}

/// <summary>An operation that can stream its answer too.</summary>
internal interface IStreamedForm : IAnswerForm
{
    string StreamContentType(SimulatedCall call);

    void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer);

    /// <summary>Writes one part of a block; the first and the last also open and close it, where the wire has marks for that.</summary>
    void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part);
    void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took);

    void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault);

    /// <summary>A chunk that no reader may accept.</summary>
    void WriteBroken(IBufferWriter<byte> body, SimulatedCall call);
}
