namespace ControlPlane.Web.Ui;

/// <summary>The shapes behind <see cref="IconName"/>. Constant markup: nothing a user typed ever gets here.</summary>
internal static class IconShapes
{
    public static string Of(IconName name) => name switch
    {
        IconName.Dot => """<circle cx="8" cy="8" r="3.5" fill="currentColor" stroke="none"/>""",
        IconName.Health => """<path d="M1.5 8h3l2-5 3 10 2-5h3"/>""",
        IconName.Requests => """<path d="M2 4h12M2 8h9M2 12h6"/>""",
        IconName.Edges => """<circle cx="3.5" cy="8" r="2"/><circle cx="12.5" cy="3.5" r="2"/><circle cx="12.5" cy="12.5" r="2"/><path d="M5.3 7.1l5.3-2.7M5.3 8.9l5.3 2.7"/>""",
        IconName.Features => """<path d="M8 1.5l6 3.2v6.6l-6 3.2-6-3.2V4.7z"/>""",
        IconName.Endpoints => """<rect x="2" y="3" width="12" height="4" rx="1"/><rect x="2" y="9" width="12" height="4" rx="1"/>""",
        IconName.Providers => """<path d="M4.5 12.5a3 3 0 0 1 0-6 4 4 0 0 1 7.6 1 2.5 2.5 0 0 1-.6 5z"/>""",
        IconName.Breakers => """<path d="M1.5 11h4l4-6M9.5 11h5"/>""",
        IconName.Callers => """<circle cx="5" cy="11" r="3"/><path d="M7.2 8.8L14 2M11 5l2 2"/>""",
        IconName.Prices => """<path d="M2 2h6l6 6-6 6-6-6z"/><circle cx="5.3" cy="5.3" r=".8"/>""",
        IconName.Publish => """<circle cx="4" cy="4" r="2"/><circle cx="4" cy="12" r="2"/><circle cx="12" cy="8" r="2"/><path d="M4 6v4M6 4.5c3 .3 4 1 4.6 2"/>""",
        IconName.Revisions => """<path d="M3 8a5 5 0 1 0 1.6-3.7L3 6M3 2.5V6h3.5"/>""",
        IconName.Cost => """<path d="M2 13.5h12M4 11V7M8 11V3M12 11V5.5"/>""",
        IconName.Access => """<circle cx="8" cy="5" r="3"/><path d="M2.5 14a5.5 5.5 0 0 1 11 0"/>""",
        IconName.Audit => """<path d="M4 1.5h6l3 3v10H4zM6.5 7h4M6.5 10h4"/>""",
        IconName.Jobs => """<path d="M2 5h7M12 5h2M2 11h2M7 11h7"/><circle cx="10.5" cy="5" r="1.5"/><circle cx="5.5" cy="11" r="1.5"/>""",
        IconName.Closed => """<circle cx="8" cy="8" r="6"/><path d="M5.2 8.2l2 2 3.6-4"/>""",
        IconName.Partial => """<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>""",
        IconName.Open => """<path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z"/><path d="M6 6l4 4M10 6l-4 4"/>""",
        IconName.Isolated => """<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>""",
        IconName.Quota => """<path d="M2.5 12a6 6 0 1 1 11 0"/><path d="M8 9l3-3.5"/>""",
        IconName.NoTraffic => """<circle cx="8" cy="8" r="6" stroke-dasharray="2 2.4"/>""",
        IconName.Warning => """<path d="M8 2l6.5 12h-13z"/><path d="M8 6.5v3.5M8 12v.2"/>""",
        IconName.Error => """<path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z"/><path d="M8 4.8v3.7M8 11v.2"/>""",
        IconName.Info => """<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.5M8 5v.2"/>""",
        IconName.Check => """<path d="M3 8.5l3.2 3.2L13 5"/>""",
        IconName.Pause => """<path d="M5.5 3.5v9M10.5 3.5v9"/>""",
        IconName.Play => """<path d="M4.5 3l8 5-8 5z"/>""",
        IconName.ChevronDown => """<path d="M4 6l4 4 4-4"/>""",
        IconName.ChevronUp => """<path d="M4 10l4-4 4 4"/>""",
        IconName.Search => """<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>""",
        IconName.Clock => """<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>""",
        IconName.Theme => """<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>""",
        IconName.Table => """<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M2 6.5h12M6 6.5V13"/>""",
        IconName.Copy => """<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-1v-8h8v1"/>""",
        IconName.Close => """<path d="M4 4l8 8M12 4l-8 8"/>""",
        IconName.Plus => """<path d="M8 3v10M3 8h10"/>""",
        IconName.Trash => """<path d="M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.7 9h5.6l.7-9"/>""",
        IconName.Edit => """<path d="M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z"/>""",
        _ => "",
    };
}
