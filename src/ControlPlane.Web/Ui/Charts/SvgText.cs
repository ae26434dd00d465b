using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ControlPlane.Web.Ui.Charts;

/// <summary>An SVG text element. Razor keeps the tag "text" for itself, hence a component.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>With its unit: "12.5%" or "44".</summary>
    [Parameter, EditorRequired] public string X { get; set; } = "";

    [Parameter, EditorRequired] public double Y { get; set; }

    [Parameter] public string Anchor { get; set; } = "start";

    [Parameter] public string? Class { get; set; }

    [Parameter] public double Dx { get; set; }

    [Parameter, EditorRequired] public string? Text { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X);
        builder.AddAttribute(2, "y", SvgNumber.Of(Y));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddAttribute(4, "class", Class);
        if (Dx != 0)
            builder.AddAttribute(5, "dx", SvgNumber.Of(Dx));
        builder.AddContent(6, Text);
        builder.CloseElement();
    }
}
