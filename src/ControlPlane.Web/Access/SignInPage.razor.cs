using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Web.Access;

/// <summary>The one way in. Says the same for an unknown name and a wrong password.</summary>
public sealed partial class SignInPage(NavigationManager navigation, IServiceProvider services, TimeProvider time)
{
    [SupplyParameterFromForm(FormName = "sign-in")]
    private Credentials? Input { get; set; }

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    private string Problem { get; set; } = "";

    // Only a path of this site: an address of another one would take the person there after signing in.
    private string Destination => ReturnUrl is ['/', ..] && !ReturnUrl.StartsWith("//", StringComparison.Ordinal) && !ReturnUrl.Contains('\\', StringComparison.Ordinal)
        ? ReturnUrl
        : Urls.Home;

    private async Task SignInAsync()
    {
        var people = services.GetRequiredService<UserManager<Person>>();
        var signIn = services.GetRequiredService<SignInManager<Person>>();
        Person? person = await people.FindByNameAsync(Input?.UserName?.Trim() ?? "");
        if (person is null)
        {
            // As slow as a wrong password, so that names cannot be guessed by the clock.
            new PasswordHasher<Person>().HashPassword(new Person(), Input?.Password ?? "");
            Problem = "Name or password is not right.";
            return;
        }
        SignInResult result = await signIn.CheckPasswordSignInAsync(person, Input?.Password ?? "", lockoutOnFailure: true);
        if (result.IsLockedOut) Problem = "Too many wrong passwords. Wait five minutes, then try again.";
        else if (!result.Succeeded) Problem = "Name or password is not right.";
        else if (person.Disabled) Problem = "This account is disabled. An administrator can enable it.";
        else
        {
            person.LastSignInAt = time.GetUtcNow();
            await people.UpdateAsync(person);
            await signIn.SignInAsync(person, isPersistent: false);
            navigation.NavigateTo(Destination, forceLoad: true);
        }
    }

    private sealed class Credentials
    {
        public string? UserName { get; set; }
        public string? Password { get; set; }
    }
}
