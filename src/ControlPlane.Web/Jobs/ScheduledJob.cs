namespace ControlPlane.Web.Jobs;

/// <summary>Something this process does again and again. May be cut off at any point and run again.</summary>
/// <param name="Every">From start to start; a run that takes longer is not overtaken by the next one.</param>
/// <param name="Run">Says what it did in a few words; empty when there was nothing to do.</param>
internal sealed record ScheduledJob(string Name, string Purpose, TimeSpan Every, Func<CancellationToken, Task<string>> Run);
