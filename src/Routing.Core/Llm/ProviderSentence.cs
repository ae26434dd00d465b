using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Routing.Core.Llm;

/// <summary>
/// What a provider said of a mistake that is the caller's own. It may quote the prompt, so it is for that caller alone: nothing that prints,
/// logs or serializes a failure finds it here, only <see cref="ForCaller"/> gives it out.
/// </summary>
public sealed partial record ProviderSentence
{
    private const int Longest = 1000;

    // Read before what names somebody is hidden, which makes it shorter.
    private const int MostRead = 2000;

    // By the wall clock: a busy machine may leave a thread standing for long. No part of a name is without bound, so that the work is not either.
    private const int MatchMs = 5000;
    private const string Hidden = "(hidden)";

    private readonly string _text;

    private ProviderSentence(string text) => _text = text;

    /// <summary>One line of at most 1,000 characters without what names accounts, hosts and people; null when nothing is left of it.</summary>
    public static ProviderSentence? Of(string text)
    {
        var hidden = Hide(OneLine(text));
        return hidden.Length == 0 ? null : new ProviderSentence(Cut(hidden, Longest));
    }

    /// <summary>For the body of this caller's error answer and for nothing else: no log, ledger, event or page.</summary>
    public string ForCaller() => _text;

    public override string ToString() => "(for the caller only)";

    private static string OneLine(string text)
    {
        var cut = text.Length <= MostRead ? text : text[..Math.Max(text.LastIndexOf(' ', MostRead), 0)]; // No half of a name.
        var line = new StringBuilder(cut.Length);
        foreach (var rune in cut.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;
            if (!isSpace) line.Append(rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    private static string Hide(string line)
    {
        try
        {
            return Projects().Replace(Names().Replace(line, Hidden), "$1" + Hidden);
        }
        catch (RegexMatchTimeoutException)
        {
            return "";
        }
    }

    private static string Cut(string line, int most)
    {
        if (line.Length <= most) return line;
        return line[..(char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1)] + "…";
    }

    // Addresses and ARNs; mail and service accounts; hosts; keys and ids of accounts, organizations, subscriptions.
    [GeneratedRegex("""
        [a-z][a-z0-9+.-]{0,30}://[^\s"'<>]+
        |arn:[a-z0-9-]{0,30}:[^\s"'<>,]+
        |[^\s"'<>()@:/]{1,64}@[^\s"'<>()@]+
        |\b([a-z0-9_-]{1,63}\.)+(com|net|org|io|ai|dev|cloud|internal|local|svc)\b(:[0-9]+)?
        |\b[0-9]{1,3}(\.[0-9]{1,3}){3}\b(:[0-9]+)?
        |(?<![0-9a-f:])([0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}
        |\b(sk|org|proj|rk)[_-](?=[a-z_-]*[0-9])[a-z0-9_-]{8,}
        |\b(AKIA|ASIA)[A-Z0-9]{16}\b
        |\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b
        |(?<![0-9.])[0-9]{12}(?![0-9.])
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, MatchMs)]
    private static partial Regex Names();

    // "projects/my-project", "project: 1234", "project my-project-1": a word with a digit or a dash in it, else it is only a word.
    [GeneratedRegex("""(?<1>\bprojects/|\bproject( number| id)?[\s:='"`]+(?=[a-z0-9:.]*[0-9-]))[a-z0-9:._-]*[a-z0-9_-]""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchMs)]
    private static partial Regex Projects();
}
