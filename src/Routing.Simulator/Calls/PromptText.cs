using System.Text.Json;
using Routing.Simulator.Answers;

namespace Routing.Simulator.Calls;

/// <summary>Collects what a request's messages say: the token count of all of it, the last user message, and what tools said last.</summary>
internal sealed class PromptText
{
    // Every vendor adds a few tokens a message for its role marks.
    private const int TokensPerMessage = 3;

    // Vendors count an image by its size; one size is as good as another here.
    private const int TokensPerImage = 258;
    private readonly List<string> _results = [];
    private string _message = "";
    private bool _hasResult;

    public int Tokens { get; private set; }
    public string LastUserText { get; private set; } = "";

    /// <summary>Empty unless the conversation ends with tool results.</summary>
    public IReadOnlyList<string> ToolResults => _results;

    public bool EndsWithModel { get; private set; }

    /// <summary>What the model's own turn at the end says; null when the conversation does not end with one.</summary>
    public string? ModelText { get; private set; }

    /// <summary>Tokens up to the last place marked for caching; null = none was marked.</summary>
    public int? MarkedTokens { get; private set; }

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        Tokens += Tokenizer.Count(text);
        _message = _message.Length == 0 ? text : $"{_message}\n{text}";
    }

    /// <summary>Counts a structure (tool declarations, tool calls) by its JSON.</summary>
    public void AddJson(JsonElement element) => Tokens += Tokenizer.Count(element.GetRawText());

    public void AddImage() => Tokens += TokensPerImage;

    public void AddToolResult(string text)
    {
        Tokens += Tokenizer.Count(text);
        _results.Add(text);
        _hasResult = true;
    }

    public void MarkForCache() => MarkedTokens = Tokens;

    /// <summary>Ends instructions that are no message: what they say is not what the user says.</summary>
    public void EndSystem() => _message = "";

    public void EndMessage(bool fromUser, bool fromModel = false)
    {
        (EndsWithModel, ModelText) = (fromModel, fromModel ? _message : null);
        Tokens += TokensPerMessage;

        // A user message that only brings tool results is no new question.
        if (fromUser && _message.Length > 0) LastUserText = _message;
        if (fromModel || (fromUser && !_hasResult)) _results.Clear();
        (_message, _hasResult) = ("", false);
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

    /// <summary>A structure as text, without the escapes its sender happened to use; a text as it is.</summary>
    public static string AsText(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : JsonSerializer.Serialize(element, SimulatorJson.Readable);

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
