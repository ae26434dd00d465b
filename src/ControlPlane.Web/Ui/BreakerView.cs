using Routing.Core.Health;

namespace ControlPlane.Web.Ui;

/// <summary>What a place of traffic can be in the eyes of a reader. Quota is no breaker state; the last two are kinds of not knowing.</summary>
public enum BreakerKind { Closed, Partial, Open, Isolated, Quota, NoTraffic, NotEnough }

/// <summary>A state as it is shown everywhere: always the same icon, word and colour. Make one with the members named after the states.</summary>
public readonly record struct BreakerView
{
    private BreakerView(BreakerKind kind, double share = 0, long have = 0, long need = 0)
    {
        Kind = kind;
        Share = share;
        Have = have;
        Need = need;
    }

    public static BreakerView Closed => new(BreakerKind.Closed, 1);

    public static BreakerView Open => new(BreakerKind.Open);

    public static BreakerView Isolated => new(BreakerKind.Isolated);

    public static BreakerView NoTraffic => new(BreakerKind.NoTraffic);

    public BreakerKind Kind { get; }

    /// <summary>Of normal traffic when partial, of the limit when out of quota; 0 to 1.</summary>
    public double Share { get; }

    public long Have { get; }

    public long Need { get; }

    /// <summary>Asks for attention; everything else stays grey.</summary>
    public bool IsAbnormal => Kind is BreakerKind.Partial or BreakerKind.Open or BreakerKind.Quota;

    /// <summary>Closed, Partial 10 %, Quota 96 %, 7 of 50 samples.</summary>
    public string Word => Kind switch
    {
        BreakerKind.Partial => "Partial" + Format.Nbsp + Format.Percent(Share),
        BreakerKind.Quota => "Quota" + Format.Nbsp + Format.Percent(Share),
        BreakerKind.NoTraffic => "No traffic",
        BreakerKind.NotEnough => Format.Samples(Have, Need),
        _ => Kind.ToString(),
    };

    /// <summary>For screen readers and sentences: "partially open 10 per cent".</summary>
    public string Spoken => Kind switch
    {
        BreakerKind.Partial => "partially open " + Spell(Share),
        BreakerKind.Quota => "at " + Spell(Share) + " of its quota",
        BreakerKind.NoTraffic => "no traffic",
        BreakerKind.NotEnough => Format.Samples(Have, Need) + ", no decision",
        _ => Word.ToLowerInvariant(),
    };

    public IconName Icon => Kind switch
    {
        BreakerKind.Closed => IconName.Closed,
        BreakerKind.Partial => IconName.Partial,
        BreakerKind.Open => IconName.Open,
        BreakerKind.Isolated => IconName.Isolated,
        BreakerKind.Quota => IconName.Quota,
        _ => IconName.NoTraffic,
    };

    /// <summary>The last part of our class names: is-, f- (fill), g- (ground).</summary>
    public string Css => Kind switch
    {
        BreakerKind.Closed => "closed",
        BreakerKind.Partial => "partial",
        BreakerKind.Open => "open",
        BreakerKind.Isolated => "isolated",
        BreakerKind.Quota => "quota",
        _ => "nodata",
    };

    /// <summary>From an edge's report. Quota and "not enough" are the caller's to decide: they are no breaker states.</summary>
    public static BreakerView From(BreakerState state, int sharePercent) => state switch
    {
        BreakerState.Closed => Closed,
        BreakerState.PartialOpen => Partial(sharePercent / 100.0),
        BreakerState.Open => Open,
        BreakerState.Isolated => Isolated,
        _ => NoTraffic,
    };

    public static BreakerView Partial(double share) => new(BreakerKind.Partial, share);

    public static BreakerView Quota(double used) => new(BreakerKind.Quota, used);

    public static BreakerView NotEnough(long have, long need) => new(BreakerKind.NotEnough, 0, have, need);

    private static string Spell(double share) => Format.Percent(share).Replace(Format.Nbsp + "%", " per cent", StringComparison.Ordinal);
}
