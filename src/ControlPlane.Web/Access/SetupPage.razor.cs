using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Web.Access;

/// <summary>Where a one-time link leads: the first administrator's, or an invitation.</summary>
public sealed partial class SetupPage(NavigationManager navigation, IServiceProvider services)
{
    private SignUpLink? _link;

    [SupplyParameterFromForm(FormName = "setup")]
    private NewAccount? Input { get; set; }

    [SupplyParameterFromQuery(Name = "token")]
    private string? Token { get; set; }

    private string Problem { get; set; } = "";

    protected override async Task OnInitializedAsync() =>
        _link = await services.GetRequiredService<SignUp>().FindLinkAsync(Input?.Token ?? Token ?? "", CancellationToken.None);

    private static string About(SignUpLink link) => link.Email.Length == 0
        ? "Nobody can sign in yet. Choose a name and a password: you are signed in with them at once, as Admin. The link works once."
        : $"You were invited as {link.Role} by {link.CreatedBy}. Choose a name and a password: you are signed in with them at once. The link works once.";

    private async Task CreateAsync()
    {
        (Person? person, Problem) = await services.GetRequiredService<SignUp>()
            .UseAsync(Input?.Token ?? "", Input?.UserName ?? "", Input?.Password ?? "", CancellationToken.None);
        if (person is null) return;
        await services.GetRequiredService<SignInManager<Person>>().SignInAsync(person, isPersistent: false);
        navigation.NavigateTo(Urls.Home, forceLoad: true);
    }

    private sealed class NewAccount
    {
        public string? Token { get; set; }
        public string? UserName { get; set; }
        public string? Password { get; set; }
    }
}
