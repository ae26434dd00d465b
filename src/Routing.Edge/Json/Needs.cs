using System.Text;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Edge.Json;

/// <summary>What a request needs of a model; when recording, also the first field that asked for each need; and what of it is not for every provider.</summary>
internal struct Needs
{
    private const int LongestValue = 64;

    private Dictionary<Capabilities, NeededField>? _fields;

    public Capabilities All { get; private set; }

    public Rewrites Rewrites { get; private set; }

    /// <summary>In the order of the document. Only when recording.</summary>
    public readonly IReadOnlyDictionary<Capabilities, NeededField> Fields => _fields ?? throw new InvalidOperationException("Nothing was recorded.");

    public static Needs Recording() => new() { _fields = [] };

    public void Add(Capabilities needs, in At at, string member = "", string about = "")
    {
        if (_fields is not null) Record(needs & ~All, at, member, about);
        All |= needs;
    }

    /// <summary>It is the value that asks for the need: the string the reader stands on.</summary>
    public void AddValue(Capabilities needs, in At at, string member, ref Utf8JsonReader json, string about = "") =>
        Add(needs, at, member, _fields is null ? "" : Joined(Shown(ref json), about));

    /// <summary>The same of the <c>type</c> of an object at whose beginning the reader stands.</summary>
    public void AddType(Capabilities needs, in At at, Utf8JsonReader json)
    {
        if (_fields is not null && TypeMember.TryFind(ref json)) AddValue(needs, at, "type", ref json);
        else Add(needs, at, "type");
    }

    public void Add(Rewrites rewrites) => Rewrites |= rewrites;

    private readonly void Record(Capabilities needs, in At at, string member, string about)
    {
        for (var left = (ulong)needs; left != 0; left &= left - 1) _fields![(Capabilities)(left & (~left + 1))] = new NeededField(at.Of(member), about); // Checked by the caller.
    }

    private static string Joined(string value, string about) => value.Length > 0 && about.Length > 0 ? $"{value}; {about}" : value + about;

    // A word of a dialect is short and plain; anything else is not repeated.
    private static string Shown(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueSpan.Length is > 0 and <= LongestValue && !json.ValueIsEscaped && !json.ValueSpan.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? $"'{Encoding.ASCII.GetString(json.ValueSpan)}'" : "";
}
