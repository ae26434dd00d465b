using System.Buffers;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;

namespace Routing.Simulator.Vertex;

/// <summary>The answer of countTokens.</summary>
/// <param name="characters">What the older models were billed by: the text without its blanks.</param>
internal sealed class GeminiCountForm(int characters) : IAnswerForm
{
    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteNumber("totalTokens", answer.InputTokens);
        if (characters > 0) json.WriteNumber("totalBillableCharacters", characters);
        GeminiForm.WriteDetails(json, "promptTokensDetails", answer.InputTokens);
        json.WriteEndObject();
        json.Flush();
    }
}
