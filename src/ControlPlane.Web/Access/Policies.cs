using Microsoft.AspNetCore.Authorization;

namespace ControlPlane.Web.Access;

/// <summary>What pages ask for; stores check again themselves.</summary>
public static class Policies
{
    /// <summary>At least an operator.</summary>
    public const string Operate = nameof(Operate);

    /// <summary>An administrator.</summary>
    public const string Administer = nameof(Administer);

    internal static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Operate, policy => policy.RequireRole(nameof(Role.Operator), nameof(Role.Admin)));
        options.AddPolicy(Administer, policy => policy.RequireRole(nameof(Role.Admin)));
        // What names no policy needs a signed-in person: a forgotten attribute closes a page instead of opening it.
        options.FallbackPolicy = new AuthorizationPolicyBuilder()
            .RequireRole(nameof(Role.Viewer), nameof(Role.Operator), nameof(Role.Admin))
            .Build();
    }
}
