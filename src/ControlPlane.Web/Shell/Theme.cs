namespace ControlPlane.Web.Shell;

/// <summary>What the two appearance cookies say; anything else counts as absent.</summary>
internal static class Theme
{
    public const string Light = "light";
    public const string Dark = "dark";

    /// <summary>theme.js, which blocks in the head, turns "system" into light or dark before the first paint.</summary>
    public const string System = "system";

    public static string Read(HttpRequest? request) =>
        request?.Cookies[StorageKeys.Theme] is Light or Dark ? request.Cookies[StorageKeys.Theme]! /* just matched */ : System;

    public static string ReadDensity(HttpRequest? request) =>
        request?.Cookies[StorageKeys.Density] is "comfortable" ? "comfortable" : "compact";
}
