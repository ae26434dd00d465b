using System.Text.Json;
using Routing.Simulator.Answers;

namespace Routing.Simulator.OpenAI;

internal static class ChatUsage
{
    /// <summary>OpenAI's prompt count includes the cached part, its completion count the reasoning.</summary>
    public static void Write(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.InputTokens);
        json.WriteNumber("completion_tokens", answer.OutputTokens);
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", answer.CachedTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", answer.ThoughtTokens);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
