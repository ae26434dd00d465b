using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Jobs;

/// <summary>The last runs of one job, whichever node ran it.</summary>
internal sealed class JobRun
{
    [MaxLength(60)]
    public required string Job { get; init; }
    public DateTimeOffset LastStartedAt { get; set; }
    public DateTimeOffset? LastFinishedAt { get; set; }
    public bool LastOk { get; set; }
    public long LastDurationMs { get; set; }

    /// <summary>What it did, or why it failed.</summary>
    [MaxLength(1000)]
    public string LastMessage { get; set; } = "";
    public DateTimeOffset? LastFailedAt { get; set; }
    public long Runs { get; set; }
    public long Failures { get; set; }
    [MaxLength(100)]
    public string Node { get; set; } = "";
}
