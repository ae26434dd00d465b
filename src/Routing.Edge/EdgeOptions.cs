using System.Globalization;
using Microsoft.Extensions.Options;

namespace Routing.Edge;

/// <summary>Settings of one edge, section <c>Edge</c>. Checked at start; a wrong one names its field, value and limit.</summary>
public sealed class EdgeOptions
{
    public const string Section = "Edge";

    /// <summary>Address to listen on, plain http: TLS ends before the edge.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5200";

    /// <summary>Routing file in YAML; set it to run without a control plane.</summary>
    public string ConfigFile { get; set; } = "";

    /// <summary>Usage events are appended here as JSON lines when there is no control plane.</summary>
    public string UsageFile { get; set; } = "";

    /// <summary>Holds identity, last good envelope and spool. Everything in it but the identity may be deleted.</summary>
    public string DataDirectory { get; set; } = "data/edge";

    public EdgeControlPlaneOptions ControlPlane { get; set; } = new();

    /// <summary>Exact <c>host:port</c> of everything that is not a public https host, model servers and control plane alike.</summary>
    public IList<string> AllowedAddresses { get; } = [];

    /// <summary>Largest request body; 1 KiB to 100 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Connections at a time; beyond it new ones are closed. 10 to 1,000,000.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Calls to work on at a time; 2 to 1,000,000. Each takes some 50 KiB and what it sends.</summary>
    public int MaxInFlight { get; set; } = 4_000;

    /// <summary>Share of <see cref="MaxInFlight"/> from which batch calls are refused; 1 to 100 %. One place stays free of them.</summary>
    public int BatchPercent { get; set; } = 90;

    /// <summary>How long an interactive call waits for a place, <see cref="MaxInFlight"/> at a time at most; 0 to 10,000 ms.</summary>
    public int QueueMs { get; set; } = 500;

    /// <summary>Copies of calls under way to shadows at a time, beside <see cref="MaxInFlight"/>; beyond it they are dropped and counted. 0 (none) to 10,000.</summary>
    public int ShadowInFlight { get; set; } = 32;

    /// <summary>How long a stopping edge answers on while <c>/readyz</c> says 503: longer than a load balancer takes to see it. 0 to 300 s.</summary>
    public int AnnounceSeconds { get; set; } = 1;

    /// <summary>How long streams may go on after a stop signal; 0 to 3,600 s.</summary>
    public int DrainSeconds { get; set; } = 120;

    /// <summary>Room for usage events that are not shipped yet; beyond it the oldest are dropped and counted. 4 MiB to 1 TiB.</summary>
    public long SpoolBytes { get; set; } = 1L << 30;

    /// <summary>Beat on which the envelope is fetched; 1 to 300 s.</summary>
    public int PullSeconds { get; set; } = 10;

    /// <summary>How many edges call the same providers, this one included, until a control plane says; 1 to 10,000.</summary>
    public int Edges { get; set; } = 1;

    /// <summary>
    /// Lets other edges listen at the same address; the kernel shares new connections out among them. Linux. For a restart without a load
    /// balancer: the next process starts before this one stops, with a data directory of its own.
    /// </summary>
    public bool ReusePort { get; set; }

    /// <summary>Runs socket work on the thread that polled the socket. Only for a process that does nothing else.</summary>
    public bool InlineSockets { get; set; }

    internal bool HasControlPlane => ControlPlane.Address.Length > 0;
}

public sealed class EdgeControlPlaneOptions
{
    /// <summary>Scheme, host and port of the control plane; empty when there is none.</summary>
    public string Address { get; set; } = "";

    /// <summary>One-time token as <c>env:NAME</c> or <c>file:PATH</c> (or itself, for a trial); needed once.</summary>
    public string EnrolToken { get; set; } = "";

    /// <summary>Name shown in the control plane; the machine's when empty.</summary>
    public string Name { get; set; } = "";
}

internal sealed class EdgeOptionsValidator : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> problems = [];
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var listen) || listen.Scheme != "http" || listen.PathAndQuery != "/")
        {
            problems.Add($"Edge:Listen is '{options.Listen}'; write http://HOST:PORT, for example http://127.0.0.1:5200.");
        }

        if (options.ConfigFile.Length == 0 == !options.HasControlPlane)
        {
            problems.Add($"Edge:ConfigFile is '{options.ConfigFile}' and Edge:ControlPlane:Address is '{options.ControlPlane.Address}'; set exactly one of them.");
        }

        if (options.HasControlPlane) CheckControlPlane(options, problems);
        if (options.UsageFile.Length > 0 && options.HasControlPlane)
        {
            problems.Add($"Edge:UsageFile is '{options.UsageFile}', but usage goes to the control plane; leave one of them out.");
        }

        if (options.DataDirectory.Length == 0) problems.Add("Edge:DataDirectory is empty; name a folder the edge may write to.");
        if (options.ReusePort && !OperatingSystem.IsLinux()) problems.Add("Edge:ReusePort is true; only Linux shares a port out among processes.");
        foreach (var address in options.AllowedAddresses) CheckAllowed(address, problems);
        Range(problems, nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1024, 100 * 1024 * 1024);
        Range(problems, nameof(options.MaxConnections), options.MaxConnections, 10, 1_000_000);
        Range(problems, nameof(options.MaxInFlight), options.MaxInFlight, 2, 1_000_000);
        Range(problems, nameof(options.BatchPercent), options.BatchPercent, 1, 100);
        Range(problems, nameof(options.QueueMs), options.QueueMs, 0, 10_000);
        Range(problems, nameof(options.ShadowInFlight), options.ShadowInFlight, 0, 10_000);
        Range(problems, nameof(options.AnnounceSeconds), options.AnnounceSeconds, 0, 300);
        Range(problems, nameof(options.DrainSeconds), options.DrainSeconds, 0, 3600);
        Range(problems, nameof(options.SpoolBytes), options.SpoolBytes, 4L << 20, 1L << 40);
        Range(problems, nameof(options.PullSeconds), options.PullSeconds, 1, 300);
        Range(problems, nameof(options.Edges), options.Edges, 1, Snapshots.EdgeCount.Most);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckControlPlane(EdgeOptions options, List<string> problems)
    {
        var text = options.ControlPlane.Address;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.PathAndQuery != "/")
        {
            problems.Add($"Edge:ControlPlane:Address is '{text}'; write scheme, host and port, for example https://control-plane.example.com.");
        }
        else if (address.Scheme == "http" && !address.IsLoopback && !options.AllowedAddresses.Contains($"{address.IdnHost}:{address.Port}"))
        {
            problems.Add($"Edge:ControlPlane:Address is '{text}', plain http to another machine. Use https, or add '{address.IdnHost}:{address.Port}' to Edge:AllowedAddresses.");
        }
    }

    private static void CheckAllowed(string address, List<string> problems)
    {
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) || address.Contains('/'))
        {
            problems.Add($"Edge:AllowedAddresses holds '{address}'; write host:port, for example 127.0.0.1:8000.");
        }
    }

    private static void Range(List<string> problems, string field, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Edge:{field} is {value}; allowed are {least} to {most}."));
        }
    }
}
