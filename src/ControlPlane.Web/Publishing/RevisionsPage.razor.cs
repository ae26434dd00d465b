using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Publishing;

/// <summary>The history, a page at a time.</summary>
public sealed partial class RevisionsPage
{
    private const int PageSize = 50;
    private ImmutableArray<RevisionView> _rows = [];
    private long _live;

    [SupplyParameterFromQuery(Name = "page")] private int? Asked { get; set; }

    [Inject] private RevisionStore Revisions { get; set; } = null!; // injected

    private int Page => Math.Clamp(Asked ?? 1, 1, 100_000);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _rows = await Revisions.ListAsync((Page - 1) * PageSize, PageSize, cancellationToken);
        _live = (await Revisions.ListAsync(0, 1, cancellationToken)).FirstOrDefault()?.Number ?? 0;
    }

    private static string PageUrl(int page) => Urls.WithQuery(Urls.Revisions, "page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture));
}
