using System.Globalization;

namespace Routing.Edge.Json;

/// <summary>
/// Where in a request the reader is, such as <c>messages[2].content[1].image_url</c>; text only when somebody has to be told.
/// The default is the request itself.
/// </summary>
internal readonly record struct At
{
    private readonly string? _list;
    private readonly int _index;
    private readonly string? _inner;
    private readonly int _innerIndex;
    private readonly string? _inside;

    private At(string? list, int index, string? inner, int innerIndex, string? inside) =>
        (_list, _index, _inner, _innerIndex, _inside) = (list, index, inner, innerIndex, inside);

    public static At Root => default;

    public static At Item(string list, int index) => new(list, index, null, 0, null);

    /// <summary>An element of a list in this element.</summary>
    public At Then(string list, int index) => new(_list, _index, list, index, null);

    /// <summary>A member that is an object; <paramref name="path"/> may hold dots.</summary>
    public At In(string path) => new(_list, _index, _inner, _innerIndex, path);

    public string Of(string member) => member.Length == 0 ? ToString() : ToString() is { Length: > 0 } here ? $"{here}.{member}" : member;

    public override string ToString()
    {
        var text = _list is null ? "" : Element(_list, _index);
        if (_inner is not null) text += "." + Element(_inner, _innerIndex);
        return _inside is null ? text : text.Length == 0 ? _inside : text + "." + _inside;
    }

    private static string Element(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
