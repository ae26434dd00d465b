using ControlPlane.Web.Editing;
using ControlPlane.Web.Secrets;

namespace ControlPlane.Web.Tests.Editing;

public sealed class LoadedPageTests
{
    [Fact]
    public async Task ActAsync_VaultIsSealed_SaysWhatToDo()
    {
        using var page = new Page();

        string? failure = await page.TryAsync(_ => throw new VaultSealedException("The key-encryption key is another one."));

        Assert.Equal("Sealed: The key-encryption key is another one. Signing in works; credentials cannot be read or set.", failure);
    }

    private sealed class Page : LoadedPage
    {
        public async Task<string?> TryAsync(Func<CancellationToken, Task> act)
        {
            await ActAsync(act);
            return ActFailure;
        }

        protected override Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
