using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>A feature and its candidates, in order, as the binding editor edits them.</summary>
public sealed class BindingForm
{
    private const decimal MicrosPerUnit = 1_000_000m;

    [Required(ErrorMessage = "Give the feature the name product code will use, for example thread-summary.")]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,63}$", ErrorMessage = "A name has 1 to 64 of a-z, 0-9, '-', '_', '.' and begins with a letter or digit.")]
    public string Name { get; set; } = "";

    [StringLength(100, ErrorMessage = "An owner has at most 100 characters.")]
    public string Owner { get; set; } = "";

    [StringLength(500, ErrorMessage = "A description has at most 500 characters.")]
    public string Description { get; set; } = "";

    [Range(100, 600_000, ErrorMessage = "First token by: 100 to 600,000 ms.")]
    public int FirstTokenMs { get; set; } = 10_000;

    [Range(100, 3_600_000, ErrorMessage = "Complete by: 100 to 3,600,000 ms.")]
    public int TotalMs { get; set; } = 120_000;

    [Range(1, 5, ErrorMessage = "Attempts: 1 to 5.")]
    public int MaxAttempts { get; set; } = 3;

    [Range(0, 600_000, ErrorMessage = "SLO: 0 (none) to 600,000 ms.")]
    public int SloFirstTokenMs { get; set; }

    public DeliveryMode Delivery { get; set; }
    public RequestLane Lane { get; set; }

    [Range(0, 600_000, ErrorMessage = "Longest silence: 0 (as the first token) or 100 to 600,000 ms.")]
    public int IdleMs { get; set; }
    public SelectionStrategy Selection { get; set; }
    public AffinityMode Affinity { get; set; }

    [Range(0, 10, ErrorMessage = "Share for backups: 0 to 10 %.")]
    public int WarmPercent { get; set; }

    [Range(0, 5, ErrorMessage = "Calls to a second provider: 0 (off) to 5 %.")]
    public int HedgePercent { get; set; }

    [Range(0, 100, ErrorMessage = "Copied calls: 0 (none) to 100 %.")]
    public int ShadowPercent { get; set; }
    public bool FailOverOnContentFilter { get; set; }

    [RegularExpression("^[ ,]*([a-z0-9-]{1,32} *(,[ ,]*|$))*$", ErrorMessage = "A residency has 1 to 32 of a-z, 0-9 and '-', with commas between them, for example eu, ch.")]
    [StringLength(600, ErrorMessage = "Residencies have at most 600 characters together.")]
    public string Residency { get; set; } = "";

    /// <summary>In whole units of the prices' currency; empty = no limit.</summary>
    [RegularExpression(@"^\s*([0-9]{1,3}(\.[0-9]{1,6})?|1000)?\s*$", ErrorMessage = "Most cost of an attempt is an amount up to 1000 with up to six decimals, for example 0.05, or empty.")]
    public string MaxCost { get; set; } = "";

    /// <summary>Of a month, in whole units of its currency; empty = none.</summary>
    [RegularExpression(@"^\s*([0-9]{1,9}(\.[0-9]{1,6})?)?\s*$", ErrorMessage = "A budget is an amount below 1000000000 with up to six decimals, for example 250 or 99.50, or empty.")]
    public string Budget { get; set; } = "";

    [RegularExpression("^[A-Z]{3}$", ErrorMessage = "A currency has three capital letters, for example USD.")]
    public string BudgetCurrency { get; set; } = "USD";
    public BudgetAction BudgetAction { get; set; }

    public List<CandidateForm> Candidates { get; set; } = [];
    public long Version { get; set; }

    public static BindingForm From(BindingView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new()
        {
            Name = view.Name,
            Owner = view.Owner,
            Description = view.Description,
            FirstTokenMs = view.FirstTokenMs,
            TotalMs = view.TotalMs,
            MaxAttempts = view.MaxAttempts,
            SloFirstTokenMs = view.SloFirstTokenMs,
            Delivery = view.Delivery,
            Lane = view.Lane,
            IdleMs = view.Choices.IdleMs,
            Selection = view.Choices.Selection,
            Affinity = view.Choices.Affinity,
            WarmPercent = view.Choices.WarmPercent,
            HedgePercent = view.Choices.HedgePercent,
            ShadowPercent = view.Choices.ShadowPercent,
            FailOverOnContentFilter = view.Choices.FailOverOnContentFilter,
            Residency = string.Join(", ", view.Choices.Residency),
            MaxCost = Amount(view.Choices.MaxCostMicros),
            Budget = Amount(view.Choices.BudgetMicros),
            BudgetCurrency = view.Choices.BudgetCurrency,
            BudgetAction = view.Choices.BudgetAction,
            Candidates = [.. view.Candidates.Select(c => new CandidateForm { ModelEndpoint = c.ModelEndpoint, Tier = c.Tier, Weight = c.Weight, Role = c.Role })],
            Version = view.Version,
        };
    }

    internal void WriteTo(Feature row)
    {
        row.Owner = Owner.Trim();
        row.Description = Description.Trim();
        row.FirstTokenMs = FirstTokenMs;
        row.TotalMs = TotalMs;
        row.MaxAttempts = MaxAttempts;
        row.SloFirstTokenMs = SloFirstTokenMs;
        row.Delivery = Delivery;
        row.Lane = Lane;
        row.IdleMs = IdleMs;
        row.Selection = Selection;
        row.Affinity = Affinity;
        row.WarmPercent = WarmPercent;
        row.HedgePercent = HedgePercent;
        row.ShadowPercent = ShadowPercent;
        row.FailOverOnContentFilter = FailOverOnContentFilter;
        row.Residency = string.Join(',', BindingChoices.Tags(Residency));
        row.MaxCostMicros = Micros(MaxCost);
        row.BudgetMicros = Micros(Budget);
        row.BudgetCurrency = BudgetCurrency.Trim();
        row.BudgetAction = BudgetAction;
    }

    /// <summary>As typed; 0 while it is empty or no amount.</summary>
    internal long BudgetMicros => decimal.TryParse(Budget.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount) && amount < 1_000_000_000m ? (long)(amount * MicrosPerUnit) : 0;

    internal static string Amount(long micros) => micros == 0 ? "" : (micros / MicrosPerUnit).ToString("0.######", CultureInfo.InvariantCulture);

    private static long Micros(string amount) => amount.Trim().Length == 0 ? 0 : (long)(decimal.Parse(amount.Trim(), CultureInfo.InvariantCulture) * MicrosPerUnit);
}

public sealed class CandidateForm
{
    [Required(ErrorMessage = "Choose a model endpoint.")]
    public string ModelEndpoint { get; set; } = "";

    [Range(1, 9, ErrorMessage = "Tier: 1 to 9.")]
    public int Tier { get; set; } = 1;

    [Range(0, 100, ErrorMessage = "Weight: 0 to 100 %.")]
    public int Weight { get; set; } = 100;
    public CandidateRole Role { get; set; }

    /// <summary>It answers nobody; its tier and weight mean nothing.</summary>
    public bool IsShadow => Role == CandidateRole.Shadow;
}
