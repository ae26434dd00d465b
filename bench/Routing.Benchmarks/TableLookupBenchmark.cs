using BenchmarkDotNet.Attributes;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Benchmarks;

/// <summary>Key → caller → feature, in a table of 1,000 callers and 200 features: what every request pays before anything else.</summary>
public class TableLookupBenchmark
{
    private static readonly byte[] Key = "cpk_0000000000000000000000000000000000000000500"u8.ToArray();
    private RoutingTable _table = null!; // set up before the first run

    [GlobalSetup]
    public void SetUp()
    {
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(TimeProvider.System, 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        _table = compiler.Compile(BenchSnapshot.Build(features: 200, callers: 1000), new EdgeOverlay(), "bench");
    }

    [Benchmark]
    public FeatureRoute? HashAndLookUp()
    {
        var caller = _table.FindCaller(KeyHash.Of(Key), DateTimeOffset.UnixEpoch);
        return caller!.Features.GetValueOrDefault("feature-120");
    }

    [Benchmark]
    public RoutingTable Compile()
    {
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(TimeProvider.System, 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        return compiler.Compile(BenchSnapshot.Build(features: 200, callers: 1000), new EdgeOverlay(), "bench");
    }
}
