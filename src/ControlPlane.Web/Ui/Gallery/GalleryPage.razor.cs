using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Ui.Gallery;

/// <summary>Every part in every state, for looking at both themes. Answers only in Development or where the setting asks for it.</summary>
public sealed partial class GalleryPage
{
    private static readonly string[] Names = ["Health", "Endpoint", "Change", "Cost", "Tables", "States"];
    private readonly IReadOnlyList<TabItem> _tabs = [.. Names.Select(static name => new TabItem(name, Urls.WithQuery(Urls.Gallery, "tab", name)))];

    [SupplyParameterFromQuery(Name = "tab")] private string? Asked { get; set; }

    [SupplyParameterFromQuery(Name = TimeRange.QueryName)] private string? From { get; set; }

    [Inject] private IOptions<ShellOptions> Options { get; set; } = null!; // injected

    [Inject] private IHostEnvironment Host { get; set; } = null!; // injected

    [Inject] private NavigationManager Navigation { get; set; } = null!; // injected

    private string Tab => Names.FirstOrDefault(name => name == Asked) ?? Names[0];

    protected override void OnInitialized()
    {
        if (!Host.IsDevelopment() && !Options.Value.Gallery)
            Navigation.NotFound();
    }
}
