using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui;

/// <summary>State and rate, place, TTFT p50 / p90 and errors, sparkline; the whole cell is one link.</summary>
public sealed partial class MatrixCell
{
    [Parameter, EditorRequired] public MatrixCellView Cell { get; set; } = null!; // required

    [Parameter, EditorRequired] public string RowName { get; set; } = "";

    [Parameter, EditorRequired] public int Row { get; set; }

    [Parameter, EditorRequired] public int Column { get; set; }

    /// <summary>The one cell of the grid that Tab reaches.</summary>
    [Parameter] public bool TabStop { get; set; }

    private string Stop => (TabStop ? 0 : -1).ToString(CultureInfo.InvariantCulture);
}
