using System.Text;
using System.Text.Json;
using Routing.Simulator.Answers;

namespace Routing.Simulator.OpenAI;

/// <summary>Token probabilities: a function of the token, so that they are the same streamed and whole.</summary>
internal static class LogProbs
{
    public static void Write(Utf8JsonWriter json, IEnumerable<string> tokens, int alternatives)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            var random = new StableRandom(StableRandom.Hash(0, token));
            var sure = -random.Fraction();
            json.WriteStartObject();
            WriteOne(json, token, sure);
            json.WriteStartArray("top_logprobs");
            for (var at = 0; at < alternatives; at++)
            {
                json.WriteStartObject();
                WriteOne(json, at == 0 ? token : $"{token}{at}", sure - at);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, string token, double logProb)
    {
        json.WriteString("token", token);
        json.WriteNumber("logprob", logProb);
        json.WriteStartArray("bytes");
        foreach (var b in Encoding.UTF8.GetBytes(token)) json.WriteNumberValue(b);
        json.WriteEndArray();
    }
}
