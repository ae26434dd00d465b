using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Bedrock;

/// <summary>The answer of CountTokens: one number, with what a cache would spare counted in.</summary>
internal sealed class CountForm : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteNumber("inputTokens", answer.InputTokens);
        json.WriteEndObject();
        json.Flush();
    }
}
