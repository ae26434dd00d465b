using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Shell;

/// <summary>The document. One render mode for the whole site, except pages marked [ExcludeFromInteractiveRouting] (sign-in, failures), which are static.</summary>
public sealed partial class App
{
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    private IComponentRenderMode? Mode => Http?.AcceptsInteractiveRouting() == true ? RenderMode.InteractiveServer : null;

    private string StylesBundle => Assets["ControlPlane.Web.styles.css"];
}
