using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Prices;

/// <summary>A new price. In micro-units of the currency per million tokens: $3.00 is 3,000,000.</summary>
public sealed class PriceForm
{
    [Required(ErrorMessage = "Choose a model endpoint.")]
    public string ModelEndpoint { get; set; } = "";

    /// <summary>Null: from now on.</summary>
    public DateTimeOffset? From { get; set; }

    [RegularExpression("^[A-Z]{3}$", ErrorMessage = "A currency has three capital letters, for example USD.")]
    public string Currency { get; set; } = "USD";

    [Range(0, 1_000_000_000_000, ErrorMessage = "Input: 0 to 1,000,000 per million tokens.")]
    public long Input { get; set; }

    [Range(0, 1_000_000_000_000, ErrorMessage = "Cache read: 0 to 1,000,000 per million tokens; empty is priced as input.")]
    public long? CacheRead { get; set; }

    [Range(0, 1_000_000_000_000, ErrorMessage = "Cache write: 0 to 1,000,000 per million tokens; empty is priced as input.")]
    public long? CacheWrite { get; set; }

    [Range(0, 1_000_000_000_000, ErrorMessage = "Output: 0 to 1,000,000 per million tokens.")]
    public long Output { get; set; }
}

/// <param name="Current">Whether it is the one in force now.</param>
public sealed record PriceView(
    Guid Id, string ModelEndpoint, DateTimeOffset From, string Currency, long Input, long? CacheRead, long? CacheWrite, long Output,
    DateTimeOffset CreatedAt, string CreatedBy, bool Current);
