using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A dialog as somebody without a mouse goes through it.</summary>
internal static class DialogKeys
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);

    public static ILocator Dialog(IPage page) => page.Locator("dialog[open]");

    /// <summary>Opens it with its opener; the focus is inside then.</summary>
    public static async Task OpenAsync(IPage page, ILocator opener)
    {
        await UntilAsync(opener, Dialog(page));
        await Assertions.Expect(Dialog(page).Locator(":focus")).ToHaveCountAsync(1);
    }

    /// <summary>Goes to a button of the dialog with the tabulator and presses it.</summary>
    public static async Task PressAsync(IPage page, string name)
    {
        var button = Dialog(page).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        for (var step = 0; step < 8 && !await button.EvaluateAsync<bool>("b => b === document.activeElement"); step++) await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(button).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Leaves it as it is.</summary>
    public static async Task EscapeAsync(IPage page, ILocator opener)
    {
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Dialog(page)).ToHaveCountAsync(0);
        await Assertions.Expect(opener).ToBeFocusedAsync();
    }

    /// <summary>Presses until it shows: a key before the circuit stands is lost.</summary>
    public static async Task UntilAsync(ILocator opener, ILocator shown)
    {
        await opener.First.WaitForAsync();
        await Poll.UntilAsync("the key had its effect", StepLimit, async () =>
        {
            await opener.PressAsync("Enter");
            return await SoonAsync(() => shown.WaitForAsync(new() { Timeout = 2_000 }));
        });
    }

    /// <returns>False when the browser waited for it in vain.</returns>
    public static async Task<bool> SoonAsync(Func<Task> wait)
    {
        try
        {
            await wait();
            return true;
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            return false;
        }
    }
}
