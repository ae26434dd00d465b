using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Anthropic;

/// <summary>The answer of <c>count_tokens</c>.</summary>
internal sealed class TokenCountForm : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteNumber("input_tokens", answer.InputTokens);
        json.WriteEndObject();
        json.Flush();
    }
}
