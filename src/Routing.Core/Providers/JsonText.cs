using System.Text.Json;
using System.Text.Unicode;

namespace Routing.Core.Providers;

/// <summary>
/// Gives the text of JSON strings as UTF-8 without making a .NET string: a slice of the input where nothing is escaped,
/// else unescaped into a buffer that lives until the next <see cref="Reset"/>.
/// </summary>
internal struct JsonText()
{
    private const int SmallestBuffer = 4096;

    private byte[] _buffer = [];
    private int _used;

    public void Reset() => _used = 0;

    /// <exception cref="JsonException">The text is not UTF-8.</exception>
    /// <param name="json">Stands on a string of <paramref name="document"/>.</param>
    public ReadOnlyMemory<byte> Of(in Utf8JsonReader json, ReadOnlyMemory<byte> document)
    {
        // The reader lets any bytes through between quotes; ours end up in an answer that promises UTF-8.
        if (!Utf8.IsValid(json.ValueSpan)) throw new JsonException("The text is not UTF-8.");
        if (!json.ValueIsEscaped) return document.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);

        // Unescaping never makes UTF-8 longer. A full buffer is left to the slices already given out.
        var most = json.ValueSpan.Length;
        if (_buffer.Length - _used < most)
        {
            _buffer = new byte[Math.Max(most * 2, SmallestBuffer)];
            _used = 0;
        }

        var length = json.CopyString(_buffer.AsSpan(_used));
        var text = _buffer.AsMemory(_used, length);
        _used += length;
        return text;
    }
}
