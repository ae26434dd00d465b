using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Web.Data;

/// <summary>What this process may touch outside its database.</summary>
public sealed class PlaneOptions : IValidatableObject
{
    public const string Section = "ControlPlane";
    private const int DaysBetween = 2;

    /// <summary>Holds the SQLite file and the key-encryption key; relative to the working folder.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data/control-plane";

    /// <summary>Base64 of 32 bytes. Set: no key file is read or made. Give it by environment, not in a file.</summary>
    public string KeyEncryptionKey { get; set; } = "";

    /// <summary>Exact <c>host:port</c> of addresses that are not public https hosts and may be called all the same.</summary>
    public string[] AllowedAddresses { get; set; } = [];

    /// <summary>How long single requests and attempts are kept; an event older than this is set aside, because it could be counted twice.</summary>
    [Range(1, 90)]
    public int RawDays { get; set; } = 7;

    /// <summary>
    /// How long charts keep one-minute steps; at least two days longer than raw rows, or a late event would make an hour anew from the one minute
    /// that is left of it. Hours stay for 400 days, days for good.
    /// </summary>
    [Range(8, 400)]
    public int MinuteDays { get; set; } = 30;

    /// <summary>Probes of one endpoint at most, per UTC day; 0 switches probing off.</summary>
    [Range(0, 100_000)]
    public int ProbesPerDay { get; set; } = 1440;

    [Range(5, 86_400)]
    public int ProbeSeconds { get; set; } = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinuteDays < RawDays + DaysBetween)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(MinuteDays)} is {MinuteDays}; with {Section}:{nameof(RawDays)} {RawDays} it must be at least {RawDays + DaysBetween}.", [nameof(MinuteDays)]);
        }
    }
}
