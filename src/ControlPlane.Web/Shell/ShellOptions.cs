using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Shell;

/// <summary>What the header says about this installation.</summary>
public sealed class ShellOptions
{
    public const string Section = "ControlPlane:Shell";

    /// <summary>Shown in the header of every page: Production, Staging, Development, or the team's own word.</summary>
    [Required, StringLength(24, MinimumLength = 1)]
    public string EnvironmentName { get; set; } = "Development";

    /// <summary>Shows /gallery, where every part of the interface stands in all its states. Always shown in the Development environment.</summary>
    public bool Gallery { get; set; }
}
