using System.Buffers;
using System.Text.Json;

namespace Routing.Simulator.OpenAI;

/// <summary>Azure's content-filter results, for the prompt and for each choice.</summary>
internal static class FilterResults
{
    private const string Safe =
        """{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}""";

    private const string Filtered =
        """{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"medium"}}""";

    private const string PromptSafe = $$"""[{"prompt_index":0,"content_filter_results":{{Safe}}}]""";

    // Azure's first chunk has every other field empty.
    private static readonly byte[] PromptChunk = System.Text.Encoding.UTF8.GetBytes(
        $$"""data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":{{PromptSafe}}}""" + "\n\n");

    public static void WritePromptChunk(IBufferWriter<byte> body) => body.Write(PromptChunk);

    public static void WritePrompt(Utf8JsonWriter json)
    {
        json.WritePropertyName("prompt_filter_results");
        json.WriteRawValue(PromptSafe, skipInputValidation: true);
    }

    public static void WriteChoice(Utf8JsonWriter json, bool filtered)
    {
        json.WritePropertyName("content_filter_results");
        json.WriteRawValue(filtered ? Filtered : Safe, skipInputValidation: true);
    }
}
