namespace ControlPlane.Web.Ui.Gallery;

public sealed partial class GalleryTables
{
    private static readonly string[] _names = ["A. Novak", "Mara Ito", "P. Osei"];

    private readonly IReadOnlyList<Row> _all =
    [
        .. Enumerable.Range(1, 61).Select(static at => new Row(at, _names[at % 3], $"Weight of candidate {at % 4} changed", at * 1_234_567L)),
    ];

    private ServerTable<Row>? _table;
    private string _filter = "";
    private string _name = "Mara Ito";
    private int _number = 20;
    private DateTime? _date = new(2026, 11, 19, 15, 10, 0, DateTimeKind.Utc);
    private bool _on = true;

    private Task<TableResult<Row>> LoadAsync(TableQuery query, CancellationToken cancellation)
    {
        IEnumerable<Row> rows = _all.Where(row => row.Who.Contains(_filter, StringComparison.OrdinalIgnoreCase));
        rows = query.SortBy switch
        {
            nameof(Row.Who) => rows.OrderBy(static row => row.Who, StringComparer.Ordinal),
            nameof(Row.Cost) => rows.OrderBy(static row => row.Cost),
            _ => rows.OrderBy(static row => row.Number),
        };
        List<Row> sorted = [.. query.Descending ? rows.Reverse() : rows];
        return Task.FromResult(new TableResult<Row>([.. sorted.Skip(query.Skip).Take(query.Take)], sorted.Count));
    }

    private Task FilterAsync() => _table!.ReloadAsync(); // rendered before anybody can type

    private Task ClearAsync()
    {
        _filter = "";
        return FilterAsync();
    }

    /// <summary>A row of the sample table.</summary>
    public sealed record Row(int Number, string Who, string What, long Cost);
}
