using System.Globalization;
using System.Text;

namespace Routing.Core.Providers.Bedrock;

/// <summary>
/// Names for the documents of one request: ASCII letters and digits, single spaces, hyphens, parentheses and square brackets,
/// at most 200 of them, and no name twice.
/// </summary>
internal struct DocumentNames()
{
    private const int Longest = 200;
    private const int RoomForNumber = 12;

    private HashSet<string>? _given;

    public string Next(string name)
    {
        var plain = Plain(name);
        _given ??= new HashSet<string>(StringComparer.Ordinal);
        var unique = plain;
        for (var number = 2; !_given.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{plain} ({number})");
        return unique;
    }

    private static string Plain(string name)
    {
        var kept = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']') kept.Append(c);
            else if (kept.Length > 0 && kept[^1] != ' ') kept.Append(' ');
            if (kept.Length == Longest - RoomForNumber) break;
        }

        var plain = kept.ToString().TrimEnd();
        return plain.Length > 0 ? plain : "document";
    }
}
