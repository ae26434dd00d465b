using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Web.Access;

/// <summary>An account that signs in here.</summary>
internal sealed class Person : IdentityUser
{
    [MaxLength(100)]
    public string DisplayName { get; set; } = "";
    public Role Role { get; set; }
    public bool Disabled { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? LastSignInAt { get; set; }
}

/// <summary>A one-time link that lets somebody set a name and a password: the first administrator's, or an invitation.</summary>
internal sealed class SignUpLink
{
    [MaxLength(64)]
    public required string TokenHash { get; init; }
    public required Role Role { get; init; }

    /// <summary>Empty for the first administrator.</summary>
    [MaxLength(256)]
    public string Email { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    [MaxLength(100)]
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset? UsedAt { get; set; }
}
