namespace Routing.Edge.Tests;

public sealed class EdgeOptionsTests
{
    [Theory]
    [InlineData("Listen", "ftp://x", "Edge:Listen")]
    [InlineData("DrainSeconds", "4000", "Edge:DrainSeconds is 4000; allowed are 0 to 3600.")]
    [InlineData("MaxBodyBytes", "1", "Edge:MaxBodyBytes is 1")]
    [InlineData("SpoolBytes", "5", "Edge:SpoolBytes is 5")]
    [InlineData("ShadowInFlight", "10001", "Edge:ShadowInFlight is 10001; allowed are 0 to 10000.")]
    [InlineData("Plane", "http://control.example.com", "plain http to another machine")]
    [InlineData("Allowed", "http://x/", "Edge:AllowedAddresses holds 'http://x/'")]
    [InlineData("None", "", "set exactly one of them")]
    public void Validate_WrongValue_NamesFieldValueAndLimit(string field, string value, string expected)
    {
        var options = new EdgeOptions { ConfigFile = "routing.yaml" };
        switch (field)
        {
            case "Listen": options.Listen = value; break;
            case "DrainSeconds": options.DrainSeconds = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
            case "MaxBodyBytes": options.MaxBodyBytes = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
            case "SpoolBytes": options.SpoolBytes = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
            case "ShadowInFlight": options.ShadowInFlight = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
            case "Plane": (options.ConfigFile, options.ControlPlane.Address) = ("", value); break;
            case "Allowed": options.AllowedAddresses.Add(value); break;
            default: options.ConfigFile = ""; break;
        }

        var result = new EdgeOptionsValidator().Validate(null, options);
        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Defaults_WithAFile_AreRight() =>
        Assert.True(new EdgeOptionsValidator().Validate(null, new EdgeOptions { ConfigFile = "routing.yaml" }).Succeeded);
}
