using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Web.Data;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Ui;
using Microsoft.AspNetCore.Components;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Prices;

/// <summary>The price book, and what is missing from it.</summary>
public sealed partial class PricesPage
{
    private const decimal Highest = 1_000_000m;
    private ImmutableArray<PriceView> _rows = [];
    private ImmutableArray<SnapshotProblem> _refused = [];
    private (string, string)[] _endpoints = [];
    private string[] _missing = [];
    private PriceForm _form = new();
    private string _from = "";
    private string _input = "";
    private string _output = "";
    private string _read = "";
    private string _write = "";

    [Inject] private PriceStore Prices { get; set; } = null!; // injected

    [Inject] private ModelEndpointStore Endpoints { get; set; } = null!; // injected

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _rows = await Prices.ListAsync(cancellationToken);
        ImmutableArray<ModelEndpointView> endpoints = await Endpoints.ListAsync(cancellationToken);
        _endpoints = [("", "Choose a model endpoint"), .. endpoints.Select(e => (e.Id, $"{e.Title} ({e.Id})"))];
        _missing = [.. endpoints.Where(e => !_rows.Any(p => p.Current && p.ModelEndpoint == e.Id)).Select(e => e.Id)];
    }

    // A price is a fact, not a figure to compare: every decimal it has is shown.
    private static string Money(long? microUnits, PriceView price) => microUnits is not { } micros
        ? "as input"
        : (price.Currency == "USD" ? "$" : price.Currency + Format.Nbsp) + (micros / 1_000_000m).ToString("#,0.00####", CultureInfo.InvariantCulture);

    private string? ProblemOf(string field) => _refused.FirstOrDefault(p => p.Path == $"prices[{_form.ModelEndpoint}].{field}")?.Message;

    private async Task AddAsync()
    {
        if (!Read()) return;
        SaveResult<PriceView>? result = null;
        if (!await ActAsync(async ct => result = await Prices.AddAsync(Me, _form, ct)) || result is null) return;
        _refused = result.Problems;
        if (result.Ok) (_form, _from, _input, _output, _read, _write) = (new PriceForm(), "", "", "", "", "");
        await ReloadAsync();
    }

    private async Task WithdrawAsync(PriceView price)
    {
        SaveResult<PriceView>? result = null;
        if (!await ActAsync(async ct => result = await Prices.WithdrawAsync(Me, price.Id, ct)) || result is null) return;
        _refused = result.Problems;
        await ReloadAsync();
    }

    /// <summary>Text to micro-units, exactly; what cannot be read is a problem of its field.</summary>
    private bool Read()
    {
        List<SnapshotProblem> wrong = [];
        _form.Input = Micros("input", "Input", _input, wrong) ?? 0;
        _form.Output = Micros("output", "Output", _output, wrong) ?? 0;
        _form.CacheRead = _read.Length == 0 ? null : Micros("cacheRead", "Cache read", _read, wrong);
        _form.CacheWrite = _write.Length == 0 ? null : Micros("cacheWrite", "Cache write", _write, wrong);
        _form.From = null;
        if (_from.Length > 0)
        {
            if (DateTimeOffset.TryParse(_from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset from)) _form.From = from;
            else wrong.Add(new SnapshotProblem($"prices[{_form.ModelEndpoint}].from", "form", "Write a day and a time, for example 2027-01-01T00:00."));
        }
        _refused = [.. wrong];
        return wrong.Count == 0;
    }

    private long? Micros(string field, string label, string text, List<SnapshotProblem> wrong)
    {
        if (decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount) && amount is >= 0 and <= Highest)
            return (long)Math.Round(amount * 1_000_000m, MidpointRounding.AwayFromZero);
        wrong.Add(new SnapshotProblem($"prices[{_form.ModelEndpoint}].{field}", "form", $"{label} is an amount such as 3.00, from 0 to {Format.Number((double)Highest, 0)}."));
        return null;
    }
}
