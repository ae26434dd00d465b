namespace EndToEnd.Tests;

/// <summary>Tests that look at pages and change nothing that another of them looks for: one product and one browser for all.</summary>
[CollectionDefinition(Name)]
public sealed class ReadingCollection : ICollectionFixture<SignedInBrowser>
{
    public const string Name = "reading";
}

/// <summary>Tests that call healthy clouds: one product for all.</summary>
[CollectionDefinition(Name)]
public sealed class CallingCollection : ICollectionFixture<RunningProduct>
{
    public const string Name = "calling";
}
