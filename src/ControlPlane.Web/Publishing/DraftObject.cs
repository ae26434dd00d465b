using ControlPlane.Web.Data;

namespace ControlPlane.Web.Publishing;

/// <summary>How one kind of draft row is found and shown: what every editable slice tells <see cref="DraftEdits"/> about itself.</summary>
/// <param name="Kind">In audit rows and diffs, for example <c>model_endpoint</c>.</param>
/// <param name="Words">In sentences, for example "model endpoints".</param>
internal sealed record DraftObject<TRow, TView>(
    string Kind,
    string Words,
    Func<ControlPlaneDb, string, CancellationToken, Task<TRow?>> Find,
    Func<TRow, TView> View)
    where TRow : class, IDraftRow
    where TView : class;
