using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>The assistant's last turn where the model is to go on with it: behind the results of its tools, or as a beginning of its answer.</summary>
internal static class OpenTurn
{
    /// <summary>Whether such a turn begins with anything but thinking that Anthropic's models take back.</summary>
    public static bool LacksThinking(ChatRequest request)
    {
        var messages = request.Messages;
        var last = messages.Length - 1;
        var isOpen = false;
        for (; last >= 0 && messages[last].Role != ChatRole.Assistant; last--) isOpen |= HasResult(messages[last]);
        if (last < 0 || !(isOpen || last == messages.Length - 1)) return false;

        // Neighbours of one side are one turn.
        var first = last;
        while (first > 0 && messages[first - 1].Role is ChatRole.Assistant or ChatRole.System) first--;
        for (; first <= last; first++)
        {
            foreach (var part in messages[first].Parts)
            {
                if (messages[first].Role == ChatRole.Assistant && MessagesParts.Keeps(part)) return part is not (ReasoningPart or RedactedReasoningPart);
            }
        }

        return false;
    }

    private static bool HasResult(ChatMessage message)
    {
        foreach (var part in message.Parts)
        {
            if (part is ToolResultPart) return true;
        }

        return false;
    }
}
