namespace ControlPlane.Web.Shell;

/// <summary>Every name under which the browser keeps something of ours.</summary>
public static class StorageKeys
{
    /// <summary>Cookie: light or dark; absent = follow the system. Read while rendering, so the first paint has the right theme.</summary>
    public const string Theme = "cp-theme";

    /// <summary>Cookie: comfortable; absent = compact.</summary>
    public const string Density = "cp-density";

    /// <summary>Local storage: "off" switches single-key shortcuts off (WCAG 2.1.4).</summary>
    public const string Shortcuts = "cp-shortcuts";
}
