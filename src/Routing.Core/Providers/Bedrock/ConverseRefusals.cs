using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Bedrock;

/// <summary>What of a call Converse has no place for, so that it is said before anything is sent.</summary>
internal static class ConverseRefusals
{
    public static Failure? Of(ChatRequest request, ModelTarget target)
    {
        var model = BedrockModel.Of(target);
        return OfMessages(request) ?? OfReasoning(request, model)
            ?? OfMetadata(request) ?? OfTier(request, target);
    }

    private static Failure? OfMessages(ChatRequest request)
    {
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (OfPart(part) is { } failure) return failure;
            }
        }

        return null;
    }

    private static Failure? OfPart(ContentPart part)
    {
        switch (part)
        {
            case ImagePart image when ConverseFormats.Image(image.MediaType) is null:
                return Refuse("messages", "Bedrock takes images as PNG, JPEG, GIF or WebP only.");
            case DocumentPart document when ConverseFormats.Document(document.MediaType) is null:
                return Refuse("messages", "Bedrock takes documents as PDF, plain text, CSV, HTML or Markdown only.");
            case ToolCallPart call when !IsObject(call.Arguments):
                return Refuse("messages", "Bedrock takes arguments of tool calls as a JSON object only.");
            case ToolResultPart result:
                foreach (var inner in result.Content)
                {
                    if (OfPart(inner) is { } failure) return failure;
                }

                break;
        }

        return null;
    }

    /// <summary>The same for Anthropic's models behind any door.</summary>
    public static Failure? OfReasoning(ChatRequest request, in BedrockModel model)
    {
        if (request.Reasoning is { IsUnknown: true, Effort: var word }) return Refuse("reasoning_effort", $"'{word}' is no reasoning effort that this model knows.");
        if (!ConverseReasoning.IsAsked(request, model)) return null;
        if (model.Maker == BedrockMaker.Anthropic && request.ToolChoice.Mode is (ToolChoiceMode.Required or ToolChoiceMode.Named))
        {
            return Refuse("tool_choice", "This model does not reason when a tool call is forced; leave out one of the two.");
        }

        if (request.Reasoning?.Effort is not { } effort) return null;
        if (model.Maker == BedrockMaker.Anthropic && !model.TakesEffort && request.MaxOutputTokens is { } limit and <= ConverseReasoning.LeastBudget)
        {
            return Refuse("max_tokens", $"This model thinks with at least {ConverseReasoning.LeastBudget} tokens, and the limit is {limit}.");
        }

        // With high effort Nova takes no limit of tokens, and we never send a call without one.
        return model.Maker == BedrockMaker.Nova && effort is "high" or "xhigh" or "max"
            ? Refuse("reasoning_effort", $"This model takes a reasoning effort of '{effort}' only without a limit of tokens.")
            : null;
    }

    private static Failure? OfMetadata(ChatRequest request)
    {
        var pairs = request.Metadata.Count + (request.EndUser is null ? 0 : 1);
        if (pairs > RequestMetadata.MostPairs) return Refuse("metadata", $"Bedrock takes {RequestMetadata.MostPairs} pairs of metadata, the user included; this call has {pairs}.");
        if (request.EndUser is not null && request.Metadata.ContainsKey(RequestMetadata.UserKey)) return Refuse("metadata", $"The key '{RequestMetadata.UserKey}' is taken by the call's user.");
        foreach (var key in request.Metadata.Keys)
        {
            if (!RequestMetadata.IsKey(key)) return Refuse("metadata", "Bedrock takes keys of 1 to 256 ASCII letters, digits, spaces and :_@$#=/+,-. only.");
        }

        return null;
    }

    private static Failure? OfTier(ChatRequest request, ModelTarget target) => request.ServiceTier is { } tier && !ConverseTier.IsKnown(tier, target)
        ? Refuse("service_tier", "Bedrock takes the service tiers auto, default, priority and flex.")
        : null;

    private static bool IsObject(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return true;
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(arguments.Length));
        try
        {
            var json = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(arguments, bytes)));
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            json.Skip();
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static Failure Refuse(string param, string message) => Failure.Of(FailureKind.CapabilityUnsupported, message) with { Param = param };
}
