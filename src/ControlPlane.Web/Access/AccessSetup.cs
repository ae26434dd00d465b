using ControlPlane.Web.Data;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Access;

internal static class AccessSetup
{
    private static readonly TimeSpan Session = TimeSpan.FromHours(12);
    private static readonly TimeSpan Revalidation = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lockout = TimeSpan.FromMinutes(5);
    private const int FailuresBeforeLockout = 8;

    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        bool https = (configuration["ControlPlane:Listen"] ?? "").StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => Configure(cookie, https));
        services.AddIdentityCore<Person>(identity =>
        {
            identity.Password.RequiredLength = SignUp.ShortestPassword;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = FailuresBeforeLockout;
            identity.Lockout.DefaultLockoutTimeSpan = Lockout;
        })
            .AddSignInManager().AddEntityFrameworkStores<ControlPlaneDb>().AddClaimsPrincipalFactory<PersonClaims>();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = Revalidation);
        services.AddAuthorization(Policies.Add);
        services.AddScoped<AuthenticationStateProvider, RevalidatingAuthentication>();
        services.AddScoped<CurrentActor>();
        services.AddSingleton(provider => new SetupLink(provider.GetRequiredService<IDbContextFactory<ControlPlaneDb>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<SignUp>();
        services.AddSingleton<PeopleStore>();
    }

    private static void Configure(CookieAuthenticationOptions cookie, bool https)
    {
        cookie.Cookie.Name = https ? "__Host-control-plane" : "control-plane";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = Session;
        cookie.SlidingExpiration = false;
        cookie.LoginPath = Urls.SignIn;
        cookie.LogoutPath = Urls.SignOut;
        cookie.AccessDeniedPath = Urls.Denied;
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        // A script or an edge that asks without a cookie gets a status, not a page.
        cookie.Events.OnRedirectToLogin = context => RedirectBrowsers(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => RedirectBrowsers(context, StatusCodes.Status403Forbidden);
    }

    private static Task RedirectBrowsers(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        bool browser = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (browser) context.Response.Redirect(context.RedirectUri);
        else context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
