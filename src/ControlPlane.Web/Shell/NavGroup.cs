using ControlPlane.Web.Ui;

namespace ControlPlane.Web.Shell;

internal sealed record NavItem(string Name, string Url, IconName Icon);

/// <summary>The left navigation, in order. A page is listed only once it exists.</summary>
internal sealed record NavGroup(string Id, string Name, params IReadOnlyList<NavItem> Items)
{
    public static readonly IReadOnlyList<NavGroup> All =
    [
        new("operate", "Operate",
            new NavItem("Health", Urls.Health, IconName.Health),
            new NavItem("Requests", Urls.Requests, IconName.Requests),
            new NavItem("What would happen", Urls.WhatNow, IconName.WhatNow),
            new NavItem("Edges", Urls.Edges, IconName.Edges)),
        new("configure", "Configure",
            new NavItem("Features", Urls.Features, IconName.Features),
            new NavItem("Model endpoints", Urls.Endpoints, IconName.Endpoints),
            new NavItem("Provider accounts", Urls.Providers, IconName.Providers),
            new NavItem("Breakers", Urls.Breakers, IconName.Breakers),
            new NavItem("Callers", Urls.Callers, IconName.Callers),
            new NavItem("Prices", Urls.Prices, IconName.Prices)),
        new("change", "Change",
            new NavItem("Publish", Urls.Publish, IconName.Publish),
            new NavItem("Revisions", Urls.Revisions, IconName.Revisions)),
        new("spend", "Spend",
            new NavItem("Cost", Urls.Cost, IconName.Cost)),
        new("govern", "Govern",
            new NavItem("Access", Urls.Access, IconName.Access),
            new NavItem("Audit", Urls.Audit, IconName.Audit),
            new NavItem("Jobs", Urls.Jobs, IconName.Jobs)),
    ];
}
