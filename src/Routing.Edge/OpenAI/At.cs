using System.Globalization;

namespace Routing.Edge.OpenAI;

/// <summary>Where in the request the reader is; text only when somebody has to be told.</summary>
internal readonly record struct At(int Message = -1, int Part = -1, string Inside = "")
{
    /// <summary>The request itself. A plain <c>new At()</c> would skip the defaults above.</summary>
    public static At Root { get; } = new(-1);

    public string Of(string member) => ToString() is { Length: > 0 } here ? $"{here}.{member}" : member;

    public override string ToString()
    {
        if (Message < 0) return Inside;
        var part = Part < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".content[{Part}]");
        var inside = Inside.Length == 0 ? "" : "." + Inside;
        return string.Create(CultureInfo.InvariantCulture, $"messages[{Message}]{part}{inside}");
    }
}
