using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Web.Access;

internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Urls.SignOut, async (HttpContext context, IAntiforgery antiforgery, SignInManager<Person> signIn) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
            await signIn.SignOutAsync();
            return Results.LocalRedirect(Urls.SignIn);
        }).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
}
