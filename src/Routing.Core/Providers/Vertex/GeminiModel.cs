using System.Globalization;

namespace Routing.Core.Providers.Vertex;

internal enum ThinkingControl : byte { None, Budget, Level }

/// <summary>What a Gemini model's name says of it. A name without a version (<c>gemini-flash-latest</c>) is taken for the newest.</summary>
/// <param name="Version">Hundreds and parts: 205 is 2.5.</param>
internal readonly record struct GeminiModel(int Version, bool IsFlash, bool IsLite)
{
    private const string Prefix = "gemini-";
    private const int Newest = int.MaxValue;

    /// <summary>2.5 takes a number of tokens, 3 and later a level; both at once is refused.</summary>
    public ThinkingControl Thinking => Version < 205 ? ThinkingControl.None : IsThird ? ThinkingControl.Level : ThinkingControl.Budget;

    /// <summary>From the third generation on, signatures are demanded and tools may give back images.</summary>
    public bool IsThird => Version >= 300;

    /// <summary>The Flash models up to 3.6 think at MINIMAL; a model that does not know the level refuses the call.</summary>
    public bool HasMinimal => IsFlash && Version <= 306;

    /// <summary>The first Pro of the third generation knows LOW and HIGH only.</summary>
    public bool HasMedium => Version != 300 || IsFlash;

    public static GeminiModel Of(string name) =>
        new(ReadVersion(name), name.Contains("-flash", StringComparison.Ordinal), name.Contains("-lite", StringComparison.Ordinal));

    private static int ReadVersion(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return Newest;
        var rest = name.AsSpan(Prefix.Length);
        var end = rest.IndexOf('-');
        var version = end < 0 ? rest : rest[..end];
        var dot = version.IndexOf('.');
        if (!TryNumber(dot < 0 ? version : version[..dot], out var major)) return Newest;
        if (dot < 0) return major * 100;
        return TryNumber(version[(dot + 1)..], out var minor) ? major * 100 + minor : Newest;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < 100;
}
