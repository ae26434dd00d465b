using System.Globalization;
using Routing.Core.Health;

namespace Routing.Edge.Snapshots;

/// <summary>
/// How many edges share the providers, as the control plane last said. Kept on disk: an edge that starts without its control plane must not
/// take itself for the only one. More counts at once, fewer only once it has been said for a minute, because a control plane that has just
/// started has not heard from everybody yet. One caller at a time.
/// </summary>
internal sealed partial class EdgeCount
{
    public const int Most = 10_000;
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromMinutes(1);

    private readonly EndpointHealthRegistry _health;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<EdgeCount> _log;
    private int _fewer;
    private long _fewerSince;

    public EdgeCount(EndpointHealthRegistry health, EdgeOptions options, TimeProvider time, ILogger<EdgeCount> log)
    {
        (_health, _path, _time, _log) = (health, Path.Combine(options.DataDirectory, "edges"), time, log);
        if (Kept() is { } kept) _health.Edges = kept;
    }

    /// <summary>The control plane said how many it hears, this one included.</summary>
    public void Hear(int edges)
    {
        edges = Math.Clamp(edges, 1, Most);
        var known = _health.Edges;
        if (edges >= known)
        {
            _fewer = 0;
            if (edges > known) Set(edges);
            return;
        }

        if (_fewer == 0) _fewerSince = _time.GetTimestamp();
        _fewer = Math.Max(_fewer, edges);
        if (_time.GetElapsedTime(_fewerSince) < BelievedAfter) return;
        Set(_fewer);
        _fewer = 0;
    }

    private void Set(int edges)
    {
        _health.Edges = edges;
        try
        {
            SafeFile.Write(_path, System.Text.Encoding.ASCII.GetBytes(edges.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotKept(_log, edges, e.Message);
        }
    }

    private int? Kept()
    {
        try
        {
            return File.Exists(_path) && int.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out var edges) && edges is >= 1 and <= Most ? edges : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Edges} edges share the providers; that could not be written down ({Reason}) and is unknown after a restart without the control plane.")]
    private static partial void NotKept(ILogger log, int edges, string reason);
}
