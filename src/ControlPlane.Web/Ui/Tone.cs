namespace ControlPlane.Web.Ui;

/// <summary>Colour by meaning. A figure takes Warn or Bad only against a stated limit.</summary>
public enum Tone { None, Good, Warn, Bad }

internal static class ToneCss
{
    public static string? Css(this Tone tone) => tone switch { Tone.Good => "good", Tone.Warn => "warn", Tone.Bad => "bad", _ => null };
}
