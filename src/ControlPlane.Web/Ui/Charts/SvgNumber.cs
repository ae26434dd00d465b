using System.Globalization;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>Numbers inside SVG: a tenth of a pixel, a point for the decimal whatever the culture.</summary>
public static class SvgNumber
{
    public static string Of(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero).ToString("0.#", CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : text;
}
