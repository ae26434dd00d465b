using System.Text.Json;
using Routing.Simulator.Answers;

namespace Routing.Simulator.Calls;

/// <summary>Collects what a request's messages say: the token count of all of it, and the last user message.</summary>
internal sealed class PromptText
{
    // Every vendor adds a few tokens a message for its role marks.
    private const int TokensPerMessage = 3;
    private string _message = "";

    public int Tokens { get; private set; }
    public string LastUserText { get; private set; } = "";

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        Tokens += Tokenizer.Count(text);
        _message = _message.Length == 0 ? text : $"{_message}\n{text}";
    }

    /// <summary>Counts a structure (tool declarations, tool results) by its JSON.</summary>
    public void AddJson(JsonElement element) => Tokens += Tokenizer.Count(element.GetRawText());

    public void EndMessage(bool fromUser)
    {
        Tokens += TokensPerMessage;
        if (fromUser) LastUserText = _message;
        _message = "";
    }
}

internal static class JsonReading
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    public static bool IsTrue(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.True };

    public static JsonElement.ArrayEnumerator Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    public static IReadOnlyList<string> Strings(this JsonElement? element)
    {
        if (element is { ValueKind: JsonValueKind.String } one) return [one.GetString()!]; // A string element has a text.
        List<string>? found = null;
        foreach (var item in element.Items())
            if (item.ValueKind == JsonValueKind.String) (found ??= []).Add(item.GetString()!); // As above.
        return found ?? (IReadOnlyList<string>)[];
    }
}
