using Routing.Core.Llm;

namespace Routing.Core.Providers.Vertex;

/// <summary>What of a call generateContent has no place for, so that it is said before anything is sent.</summary>
internal static class GeminiRefusals
{
    private const int MostStops = 5;

    public static Failure? Of(ChatRequest request, GeminiModel model)
    {
        if (request.StopSequences.Length > MostStops)
        {
            return Refuse("stop_sequences", $"Gemini takes {MostStops} stop sequences at most; this call has {request.StopSequences.Length}.");
        }

        if (request.Reasoning is { IsUnknown: true, Effort: var word }) return Refuse("reasoning_effort", $"'{word}' is no reasoning effort that Gemini knows.");
        if (!model.IsThird && MayCall(request) && request.Format.Kind != AnswerFormatKind.Text)
        {
            return Refuse("tools", "Gemini before its third generation takes tools or a JSON answer, not both; leave out one of the two.");
        }

        if (GeminiLabels.Collide(request)) return Refuse("metadata", $"The key '{GeminiLabels.EndUserKey}' is taken by the call's user.");
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolResultPart { HasFile: true }) return Refuse("messages", "Gemini takes what a tool gave back as text and images; a PDF has no place there.");
            }
        }

        return null;
    }

    /// <summary>Whether there are tools, and the model may call them.</summary>
    public static bool MayCall(ChatRequest request) => !request.Tools.IsEmpty && request.ToolChoice.Mode != ToolChoiceMode.None;

    private static Failure Refuse(string param, string message) => Failure.Of(FailureKind.CapabilityUnsupported, message) with { Param = param };
}
