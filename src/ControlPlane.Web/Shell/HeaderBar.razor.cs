using System.Globalization;
using System.Security.Claims;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Shell;

/// <summary>Mark, environment, live state, pending changes, theme, user. Ages tick in the browser, so an idle header sends nothing.</summary>
public sealed partial class HeaderBar : IDisposable
{
    [Inject] private IOptions<ShellOptions> Options { get; set; } = null!; // injected

    [Inject] private LiveState Live { get; set; } = null!; // injected

    [Inject] private PendingChanges Pending { get; set; } = null!; // injected

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    private ClaimsPrincipal? User { get; set; }

    private string UserName => User?.Identity?.Name ?? "Not signed in";

    private string UserRole => string.Join(", ", User?.FindAll(ClaimTypes.Role).Select(static claim => claim.Value) ?? []);

    private string Initials => User?.Identity?.Name is { Length: > 0 } name
        ? string.Concat(name.Split([' ', '.', '-', '@'], StringSplitOptions.RemoveEmptyEntries).Take(2).Select(static part => char.ToUpperInvariant(part[0])))
        : "–";

    private static string StaleAfterSeconds => LiveState.StaleAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private string EnvironmentKind => Options.Value.EnvironmentName.ToUpperInvariant() switch
    {
        string name when name.StartsWith("PROD", StringComparison.Ordinal) => "prod",
        string name when name.StartsWith("STAG", StringComparison.Ordinal) => "stage",
        _ => "dev",
    };

    public void Dispose()
    {
        Live.Changed -= Refresh;
        Pending.Changed -= Refresh;
    }

    protected override async Task OnInitializedAsync()
    {
        Live.Changed += Refresh;
        Pending.Changed += Refresh;
        if (Authentication is not null)
            User = (await Authentication).User;
    }

    private void Refresh() => _ = InvokeAsync(StateHasChanged);
}
