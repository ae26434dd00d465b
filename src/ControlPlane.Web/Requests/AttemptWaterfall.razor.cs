using ControlPlane.Web.Ui;
using ControlPlane.Web.Ui.Charts;
using Microsoft.AspNetCore.Components;
using Routing.Core.Usage;

namespace ControlPlane.Web.Requests;

/// <summary>Attempts one below the other on the time of their request. Each bar says in words what it shows.</summary>
public sealed partial class AttemptWaterfall
{
    private const double Width = 600;

    // What took no whole millisecond is still seen.
    private const double Thinnest = 2;

    private double _end = 1;
    private double _step = 1;

    [Parameter, EditorRequired] public RequestView Request { get; set; } = null!; // required

    private string Seen => Request.FirstTokenMs is { } first
        ? $"Content from {Format.Latency(first)} to {Format.Latency(Request.TotalMs)}" : $"No content; an end after {Format.Latency(Request.TotalMs)}";

    /// <summary>How an attempt ended: 200, complete; rate limited.</summary>
    public static string Ended(AttemptView attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempt.Outcome switch
        {
            AttemptOutcome.Answered => "complete",
            AttemptOutcome.Cancelled when attempt.IsOvertaken => "stopped, the other was first",
            AttemptOutcome.Cancelled => "caller went away",
            AttemptOutcome.Interrupted => attempt.Failure is { } cut ? $"broke off: {FailureWords.Short(cut)}" : "broke off",
            _ => attempt.Failure is { } kind ? FailureWords.Short(kind) : "failed",
        };
    }

    /// <summary>A duration that was rounded down to whole milliseconds.</summary>
    internal static string Took(int milliseconds) => milliseconds == 0 ? $"<{Format.Nbsp}1{Format.Nbsp}ms" : Format.Latency(milliseconds);

    protected override void OnParametersSet()
    {
        double last = Request.Attempts.Select(a => (double)a.OffsetMs + a.DurationMs).Append(Request.TotalMs).Max();
        NiceScale scale = NiceScale.For(last);
        (_end, _step) = (Math.Max(1, last), scale.Step);
    }

    /// <summary>An answer that is not streamed comes at its end: all of it is waiting.</summary>
    private static int Waited(AttemptView attempt) => Math.Min(attempt.FirstTokenMs ?? attempt.DurationMs, attempt.DurationMs);

    private static string Spoken(AttemptView attempt)
    {
        string first = attempt.FirstTokenMs is { } ms ? $", first token {Format.Latency(ms)} later" : "";
        return $"Attempt {attempt.Number}, {attempt.Name}: starts at {Format.Latency(attempt.OffsetMs)}{first}, ends at {Format.Latency(attempt.OffsetMs + attempt.DurationMs)}, {Ended(attempt)}";
    }

    private double X(double milliseconds) => Math.Clamp(milliseconds / _end, 0, 1) * Width;

    private IEnumerable<double> Lines()
    {
        for (double at = 0; at <= _end; at += _step) yield return X(at);
    }
}
