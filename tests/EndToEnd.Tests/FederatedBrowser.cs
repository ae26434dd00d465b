namespace EndToEnd.Tests;

/// <summary>The product without a secret: every account federated, and nothing that is issued lives longer than a few seconds.</summary>
public sealed class FederatedBrowser() : SignedInBrowser(new FederatedProduct())
{
    private sealed class FederatedProduct : RunningProduct
    {
        protected override IEnumerable<string> Arguments => ["--AllInOne:Federated=true", "--Simulator:Tokens:LongestSeconds=8"];
    }
}
