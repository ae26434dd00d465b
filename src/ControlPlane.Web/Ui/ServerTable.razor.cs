using Microsoft.AspNetCore.Components;
using Radzen;
using Radzen.Blazor;

namespace ControlPlane.Web.Ui;

/// <summary>What one page of a table asks of a store.</summary>
public sealed record TableQuery(int Skip, int Take, string? SortBy, bool Descending);

/// <summary>The rows asked for, and how many there are in all.</summary>
public sealed record TableResult<TItem>(IReadOnlyList<TItem> Rows, int Total);

/// <summary>The one wrapper over the grid library: paging and sorting happen where the data is, rows become labelled cards on a narrow screen.</summary>
public sealed partial class ServerTable<TItem> : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private RadzenDataGrid<TItem>? _grid;
    private IReadOnlyList<TItem>? _rows; // null makes the grid ask for its first page
    private int _total;
    private bool _loaded;
    private string? _failure;

    /// <summary>Names the table for screen readers.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>Reads one page. SortBy is the Property of the sorted column.</summary>
    [Parameter, EditorRequired] public Func<TableQuery, CancellationToken, Task<TableResult<TItem>>> Load { get; set; } = null!; // required

    /// <summary><see cref="TableColumn{TItem}"/>, one for each column.</summary>
    [Parameter, EditorRequired] public RenderFragment Columns { get; set; } = null!; // required

    /// <summary>An <see cref="EmptyState"/> that says why there is nothing.</summary>
    [Parameter] public RenderFragment? Empty { get; set; }

    [Parameter] public int PageSize { get; set; } = 25;

    /// <summary>Property that identifies a row across pages.</summary>
    [Parameter] public string KeyProperty { get; set; } = "Id";

    [Inject] private ILogger<ServerTable<TItem>> Logger { get; set; } = null!; // injected

    [Inject] private TimeProvider Time { get; set; } = null!; // injected

    /// <summary>Reads the current page again: after an edit, or when a filter outside the table changed.</summary>
    public Task ReloadAsync() => _grid?.Reload() ?? Task.CompletedTask;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task LoadAsync(LoadDataArgs args)
    {
        SortDescriptor? sort = args.Sorts?.FirstOrDefault();
        TableQuery query = new(args.Skip ?? 0, args.Top ?? PageSize, sort?.Property, sort?.SortOrder == SortOrder.Descending);
        try
        {
            TableResult<TItem> result = await Load(query, _gone.Token);
            (_rows, _total, _loaded, _failure) = (result.Rows, result.Total, true, null);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            // The last good rows stay.
            _failure = ErrorReference.Next(Time);
            TableLog.LoadFailed(Logger, exception, Label, _failure);
        }
    }
}

/// <summary>A column: Title, Property (also the name it sorts by), Template for anything but plain text.</summary>
public sealed class TableColumn<TItem> : RadzenDataGridColumn<TItem>
    where TItem : notnull
{
    /// <summary>Figures stand at the right.</summary>
    [Parameter] public bool Numeric { get; set; }

    protected override void OnInitialized()
    {
        if (Numeric)
            TextAlign = TextAlign.Right;
        base.OnInitialized();
    }
}

internal static partial class TableLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Table {Table} could not load; reference {Reference}")]
    public static partial void LoadFailed(ILogger logger, Exception exception, string table, string reference);
}
