using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Data;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.ModelEndpoints;

public sealed class ModelEndpointForm
{
    [Required(ErrorMessage = "Give the endpoint an id, for example bedrock-use1-sonnet.")]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,99}$", ErrorMessage = "An id has 1 to 100 of a-z, 0-9, '-', '_', '.' and begins with a letter or digit.")]
    public string Id { get; set; } = "";

    [StringLength(100, ErrorMessage = "A name has at most 100 characters.")]
    public string DisplayName { get; set; } = "";

    [Required(ErrorMessage = "Choose the provider account the model is reached through.")]
    public string Account { get; set; } = "";

    [StringLength(64, ErrorMessage = "A region has at most 64 characters.")]
    public string Region { get; set; } = "";

    [Required(ErrorMessage = "Give the model id or deployment name as the provider writes it.")]
    [StringLength(300, ErrorMessage = "A model id has at most 300 characters.")]
    public string Model { get; set; } = "";
    public CapacityClass CapacityClass { get; set; }
    public ModelFamily Family { get; set; }
    public QuirksForm Quirks { get; set; } = new();

    /// <summary>Names; empty: all that the provider's adapter carries.</summary>
    public List<string> Capabilities { get; set; } = [];

    [Range(0, 10_000_000, ErrorMessage = "Context tokens are 0 (unknown) to 10,000,000.")]
    public int ContextTokens { get; set; }

    [Range(1, 1_000_000, ErrorMessage = "Output tokens are 1 to 1,000,000.")]
    public int MaxOutputTokens { get; set; } = 4096;

    [RegularExpression("^[a-z0-9-]{0,32}$", ErrorMessage = "A residency has up to 32 of a-z, 0-9, '-', for example eu.")]
    public string Residency { get; set; } = "";

    [Range(0, 100_000_000, ErrorMessage = "Requests a minute are 0 (unknown) to 100,000,000.")]
    public int RequestsPerMinute { get; set; }

    [Range(0, 2_000_000_000, ErrorMessage = "Tokens a minute are 0 (unknown) to 2,000,000,000.")]
    public int TokensPerMinute { get; set; }

    /// <summary>Empty: the built-in policy.</summary>
    public string Breaker { get; set; } = "";
    public bool Probe { get; set; } = true;
    public long Version { get; set; }

    public static ModelEndpointForm From(ModelEndpointView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new()
        {
            Id = view.Id,
            DisplayName = view.DisplayName,
            Account = view.Account,
            Region = view.Region,
            Model = view.Model,
            CapacityClass = view.CapacityClass,
            Family = view.Family,
            Quirks = QuirksForm.From(view.Quirks),
            Capabilities = [.. view.Capabilities],
            ContextTokens = view.ContextTokens,
            MaxOutputTokens = view.MaxOutputTokens,
            Residency = view.Residency,
            RequestsPerMinute = view.RequestsPerMinute,
            TokensPerMinute = view.TokensPerMinute,
            Breaker = view.Breaker,
            Probe = view.Probe,
            Version = view.Version,
        };
    }

    internal void WriteTo(ModelEndpoint row)
    {
        row.DisplayName = DisplayName.Trim();
        row.Account = Account.Trim();
        row.Region = Region.Trim();
        row.Model = Model.Trim();
        row.CapacityClass = CapacityClass;
        row.Family = Family;
        row.Quirks = Quirks.ToConfig() is { } quirks ? JsonText.Of(quirks) : "";
        row.Capabilities = Capabilities.Count == 0 ? "" : JsonText.Of(Capabilities);
        row.ContextTokens = ContextTokens;
        row.MaxOutputTokens = MaxOutputTokens;
        row.Residency = Residency.Trim();
        row.RequestsPerMinute = RequestsPerMinute;
        row.TokensPerMinute = TokensPerMinute;
        row.Breaker = Breaker.Trim();
        row.Probe = Probe;
    }
}
