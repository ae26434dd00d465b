using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.Anthropic;

/// <summary>What routing reads of a whole message; its content is another matter.</summary>
internal struct MessagesAnswer
{
    private MessagesUsage _usage;
    private string? _stop;
    private bool _isObject;
    private bool _isMessage;
    private bool _isError;

    public string? Id { get; private set; }

    public bool HasContent { get; private set; }

    /// <exception cref="JsonException">Not JSON.</exception>
    public static MessagesAnswer Read(ReadOnlySpan<byte> body)
    {
        var answer = new MessagesAnswer();
        var json = new Utf8JsonReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return answer;
        answer._isObject = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8)) answer.Id = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("stop_reason"u8)) answer._stop = MessagesJson.Text(ref json);
            else if (json.ValueTextEquals("usage"u8)) answer._usage.Read(ref json);
            else if (json.ValueTextEquals("content"u8)) answer.ReadContent(ref json);
            else if (json.ValueTextEquals("error"u8))
            {
                answer._isError = true;
                MessagesJson.Skip(ref json);
            }
            else MessagesJson.Skip(ref json);
        }

        return answer;
    }

    /// <summary>Null when this is a message that came to an end.</summary>
    public readonly Failure? Failure(AnthropicFailures failures, ReadOnlySpan<byte> body)
    {
        if (_isError) return failures.ReadInBand(body);
        if (!_isObject || !_isMessage) return Of(FailureKind.Unknown, "The provider answered 200 with something that is not a message.");
        return _stop is null ? Of(FailureKind.StreamInterrupted, "The provider's answer has no stop reason.") : null;
    }

    public readonly void Note(List<ChatEvent> events)
    {
        if (_usage.IsKnown) events.Add(ChatEvent.Used(_usage.Total(isWhole: true)));
        if (_stop is { } stop) events.Add(ChatEvent.Stopped(MessagesUsage.Stop(stop), stop));
    }

    private void ReadContent(ref Utf8JsonReader json)
    {
        json.Read();
        _isMessage = json.TokenType == JsonTokenType.StartArray;
        var ahead = json;
        HasContent = _isMessage && ahead.Read() && ahead.TokenType != JsonTokenType.EndArray;
        json.Skip();
    }

    private static Failure Of(FailureKind kind, string sentence) => Llm.Failure.Of(kind, sentence) with { HttpStatus = 200 };
}
