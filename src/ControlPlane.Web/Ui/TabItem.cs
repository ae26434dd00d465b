namespace ControlPlane.Web.Ui;

/// <summary>A tab is a link: the open one is in the address (?tab=…).</summary>
public sealed record TabItem(string Name, string Href, int? Count = null);
