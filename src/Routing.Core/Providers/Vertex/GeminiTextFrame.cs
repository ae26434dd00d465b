using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Routing.Core.Providers.Vertex;

/// <summary>
/// The bytes around the text of an answer's responses, which are the same in each: learned from the first that is nothing but text, so
/// that the others need not be read token by token up to the end of their candidates. Same bytes are read in the same way, so nothing is
/// guessed; a response that differs is read in full.
/// </summary>
internal struct GeminiTextFrame
{
    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);
    private static readonly JsonReaderState AfterCandidates = StateAfterAMember();

    private byte[]? _before;
    private byte[]? _after;
    private byte[]? _rest;
    private int _restLength;

    public readonly bool IsLearned => _before is not null;

    /// <param name="text">Where the text is in <paramref name="data"/>, without its quotes.</param>
    /// <param name="end">Where the candidates end.</param>
    public void Learn(ReadOnlySpan<byte> data, Range text, int end)
    {
        _before = data[..text.Start].ToArray();
        _after = data[text.End..end].ToArray();
    }

    /// <summary>True: the response is of that shape, with this text; <paramref name="rest"/> is what follows its candidates.</summary>
    public readonly bool TryRead(ReadOnlyMemory<byte> data, out ReadOnlyMemory<byte> text, out ReadOnlyMemory<byte> rest)
    {
        (text, rest) = (default, default);
        if (_before is null || !data.Span.StartsWith(_before)) return false;
        var open = data[_before.Length..];
        var length = open.Span.IndexOfAny(NotPlain);
        if (length <= 0 || !open.Span[length..].StartsWith(_after) || !Utf8.IsValid(open.Span[..length])) return false;
        text = open[..length];
        rest = open[(length + _after!.Length)..]; // Both are learned together.
        return true;
    }

    /// <summary>Goes on with the members that follow the candidates.</summary>
    public static Utf8JsonReader GoOn(ReadOnlySpan<byte> rest) => new(rest, isFinalBlock: true, AfterCandidates);

    /// <summary>Whether a response ends as the one just before it: nothing in it is new.</summary>
    public readonly bool EndsAsBefore(ReadOnlySpan<byte> rest) => _restLength > 0 && rest.SequenceEqual(_rest.AsSpan(0, _restLength));

    public void KeepEnd(ReadOnlySpan<byte> rest)
    {
        if (_rest is null || _rest.Length < rest.Length) _rest = new byte[rest.Length * 2];
        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }

    public void ForgetEnd() => _restLength = 0;

    private static JsonReaderState StateAfterAMember()
    {
        var json = new Utf8JsonReader("{\"candidates\":\"\""u8, isFinalBlock: false, default);
        while (json.Read()) { }
        return json.CurrentState;
    }
}
