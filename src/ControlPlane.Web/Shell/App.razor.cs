using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Shell;

/// <summary>The document. One render mode for the whole site, except pages marked [ExcludeFromInteractiveRouting] (sign-in, failures), which are static.</summary>
public sealed partial class App
{
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    [Inject] private TimeProvider Time { get; set; } = null!; // injected

    /// <summary>Ages are counted in the browser, whose clock may be wrong: it learns ours here.</summary>
    private string Now => Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private IComponentRenderMode? Mode => Http?.AcceptsInteractiveRouting() == true ? RenderMode.InteractiveServer : null;

    private string StylesBundle => Assets["ControlPlane.Web.styles.css"];
}
