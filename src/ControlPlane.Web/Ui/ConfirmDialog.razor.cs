using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ControlPlane.Web.Ui;

/// <summary>What the reader decided: a reason of at least ten characters where one was asked, and the end of the act where one was offered.</summary>
public sealed record Confirmation(string? Reason, TimeSpan? Duration);

/// <summary>
/// Asks before an act that stops or changes traffic: says how far it reaches, wants a reason, and has the verb on its button. A native dialog:
/// the browser keeps focus inside, closes on Escape and returns focus to the opener.
/// </summary>
public sealed partial class ConfirmDialog : IAsyncDisposable
{
    public const int ShortestReason = 10;

    private readonly string _titleId = ElementId.Next("confirm");
    private ElementReference _dialog;
    private TaskCompletionSource<Confirmation?>? _answer;
    private IJSObjectReference? _module;
    private bool _open;
    private bool _tried;
    private string _reason = "";
    private string _typed = "";
    private int _minutes;

    /// <summary>"Isolate Bedrock us-east-1".</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>On the button, with its object where it matters: "Isolate endpoint". Never OK.</summary>
    [Parameter, EditorRequired] public string Verb { get; set; } = "";

    /// <summary>Red button and mark.</summary>
    [Parameter] public bool Danger { get; set; }

    /// <summary>Blast line: "Stops 46.2 /s of 4 features; us-west-2 takes over with 38 % headroom."</summary>
    [Parameter] public RenderFragment? Blast { get; set; }

    [Parameter] public bool AskReason { get; set; }

    /// <summary>Offered ends; the second is chosen at first. Empty: the act has no end.</summary>
    [Parameter] public IReadOnlyList<TimeSpan> Durations { get; set; } = [];

    /// <summary>Only for acts on a whole provider: the name has to be typed.</summary>
    [Parameter] public string? TypedName { get; set; }

    /// <summary>Further fields.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    [Inject] private IJSRuntime Js { get; set; } = null!; // injected

    private bool ReasonMissing => AskReason && _reason.Trim().Length < ShortestReason;

    private bool NameMissing => TypedName is not null && !string.Equals(_typed.Trim(), TypedName, StringComparison.Ordinal);

    private string ReasonHint => ReasonMissing && _tried
        ? $"{_reason.Trim().Length} of at least {ShortestReason} characters. It stands in the audit log."
        : $"At least {ShortestReason} characters; stands in the audit log.";

    /// <summary>Opens, and ends with the decision; null = left as it is.</summary>
    public async Task<Confirmation?> AskAsync()
    {
        _answer?.TrySetResult(null);
        _answer = new TaskCompletionSource<Confirmation?>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_open, _tried, _reason, _typed) = (true, false, "", "");
        _minutes = Durations.Count == 0 ? 0 : (int)Durations[Math.Min(1, Durations.Count - 1)].TotalMinutes;
        StateHasChanged();
        _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "/Ui/ConfirmDialog.razor.js");
        await _module.InvokeVoidAsync("open", _dialog);
        return await _answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _answer?.TrySetResult(null);
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone.
        }
    }

    private async Task ConfirmAsync()
    {
        _tried = true;
        if (ReasonMissing || NameMissing)
            return;
        Confirmation given = new(AskReason ? _reason.Trim() : null, Durations.Count == 0 ? null : TimeSpan.FromMinutes(_minutes));
        await CloseAsync();
        _answer?.TrySetResult(given);
    }

    private async Task CancelAsync()
    {
        await CloseAsync();
        _answer?.TrySetResult(null);
    }

    private async Task CloseAsync()
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("close", _dialog);
        _open = false;
    }

    /// <summary>Escape, or the browser closed it.</summary>
    private void Closed()
    {
        if (!_open)
            return;
        _open = false;
        _answer?.TrySetResult(null);
    }
}
