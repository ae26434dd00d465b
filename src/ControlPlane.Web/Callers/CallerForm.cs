using System.ComponentModel.DataAnnotations;
using ControlPlane.Web.Data;

namespace ControlPlane.Web.Callers;

public sealed class CallerForm
{
    [Required(ErrorMessage = "Give the caller an id, for example web-client.")]
    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,63}$", ErrorMessage = "An id has 1 to 64 of a-z, 0-9, '-', '_', '.' and begins with a letter or digit.")]
    public string Id { get; set; } = "";

    [StringLength(100, ErrorMessage = "A name has at most 100 characters.")]
    public string Name { get; set; } = "";

    /// <summary>Feature names; <c>*</c> means all.</summary>
    public List<string> Features { get; set; } = [];
    public long Version { get; set; }

    public static CallerForm From(CallerView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new() { Id = view.Id, Name = view.Name, Features = [.. view.Features], Version = view.Version };
    }

    internal void WriteTo(Caller row)
    {
        row.Name = Name.Trim();
        row.Features = JsonText.Of(Features);
    }
}
