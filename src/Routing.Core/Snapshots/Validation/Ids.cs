using System.Buffers;

namespace Routing.Core.Snapshots.Validation;

internal static class Ids
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static bool IsValid(string? id) =>
        id is { Length: >= 1 and <= MaxLength } && char.IsAsciiLetterOrDigit(id[0]) && !id.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public static bool IsSha256(string? value) => value is { Length: 64 } && value.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    /// <summary>How a part is named in a path: by its id where that can be read, else by its place.</summary>
    public static string PathOf(string array, int place, string? id) => $"{array}[{(IsValid(id) ? id : place.ToString(System.Globalization.CultureInfo.InvariantCulture))}]";
}
