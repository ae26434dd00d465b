using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui;

/// <summary>States by provider and region. One tab stop; arrow keys move inside, Enter follows the cell's link.</summary>
public sealed partial class MatrixGrid
{
    private (int Row, int Column) _tabStop;

    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>Head of the first column: Provider, Model, Feature.</summary>
    [Parameter] public string Corner { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<string> Columns { get; set; } = [];

    [Parameter, EditorRequired] public IReadOnlyList<MatrixRow> Rows { get; set; } = [];

    protected override void OnParametersSet()
    {
        // The selected cell, else the first one that exists.
        (int Row, int Column)? first = null;
        for (int row = 0; row < Rows.Count; row++)
        {
            int column = 0;
            foreach (MatrixCellView? cell in Rows[row].Cells)
            {
                if (cell is { Selected: true })
                {
                    _tabStop = (row, column);
                    return;
                }
                if (cell is not null)
                    first ??= (row, column);
                column += cell?.Span ?? 1;
            }
        }
        _tabStop = first ?? (0, 0);
    }
}
