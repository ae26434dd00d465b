using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace ControlPlane.Web.Tests.Ui;

/// <summary>A part as the server first writes it: no circuit, no script.</summary>
internal static class Rendered
{
    public static async Task<IElement> PartAsync<TPart>(params (string Name, object? Value)[] parameters)
        where TPart : IComponent
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new ManualTime());
        services.AddSingleton<NavigationManager, FixedAddress>();
        services.AddSingleton<IJSRuntime, NoScript>();
        services.AddUi();
        await using ServiceProvider provider = services.BuildServiceProvider();
        await using HtmlRenderer renderer = new(provider, provider.GetRequiredService<ILoggerFactory>());
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            ParameterView view = ParameterView.FromDictionary(parameters.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal));
            return (await renderer.RenderComponentAsync<TPart>(view)).ToHtmlString();
        });
        return new HtmlParser().ParseDocument($"<body>{html}</body>").Body!; // a document always has a body
    }

    public static RenderFragment Text(string text) => builder => builder.AddContent(0, text);

    private sealed class FixedAddress : NavigationManager
    {
        public FixedAddress() => Initialize("http://localhost/", "http://localhost/cost?group=model&from=now-6h");
    }

    private sealed class NoScript : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new InvalidOperationException("No script while rendering on the server.");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }
}
