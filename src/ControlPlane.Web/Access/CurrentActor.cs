using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace ControlPlane.Web.Access;

/// <summary>Who is using this circuit or request; what pages pass to stores.</summary>
internal sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <exception cref="InvalidOperationException">Nobody is signed in: the page lacks the fallback policy.</exception>
    public async Task<Actor> GetAsync() =>
        ActorOf((await authentication.GetAuthenticationStateAsync()).User)
            ?? throw new InvalidOperationException("Nobody is signed in.");

    public static Actor? ActorOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        string? id = user.FindFirstValue(ClaimTypes.NameIdentifier);
        if (user.Identity?.IsAuthenticated != true || id is null) return null;
        return Enum.TryParse(user.FindFirstValue(ClaimTypes.Role), out Role role)
            ? new Actor(id, user.FindFirstValue(ClaimTypes.GivenName) ?? user.Identity.Name ?? id, role)
            : null;
    }
}
