// The end-to-end load benchmark: a bare YARP passthrough and the standalone edge, before the same upstream, in one go and in alternation.
//   upstream PORT            the provider both stand before: OpenAI's wire, fixed answers, no work
//   yarp PORT UPSTREAM       a passthrough with no duties
//   run EDGE_DLL [--seconds N] [--rounds N] [--only SCENARIO] [--json FILE]
//   compare EDGE_DLL|yarp EDGE_DLL|yarp... [same options]   builds of the edge against each other, each round in processes of its own
//   overload EDGE_DLL [--seconds N]   five times what the edge may have in flight, in two lanes
using Routing.LoadBench;

switch (args)
{
    case ["upstream", var port]:
        await Upstream.RunAsync(int.Parse(port));
        return 0;
    case ["yarp", var port, var upstream]:
        await YarpPassthrough.RunAsync(int.Parse(port), upstream);
        return 0;
    case ["run", var edge, .. var options]:
        return await Benchmark.RunAsync(edge, BenchmarkOptions.Parse(options));
    case ["compare", .. var arguments] when arguments.Length >= 2:
        var builds = arguments.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
        return await Comparison.RunAsync(builds, BenchmarkOptions.Parse(arguments[builds.Length..]));
    case ["overload", var edge, .. var options]:
        return await Overload.RunAsync(edge, BenchmarkOptions.Parse(options));
    default:
        Console.Error.WriteLine("usage: upstream PORT | yarp PORT UPSTREAM | run EDGE_DLL [--seconds N] [--rounds N] [--only SCENARIO] [--json FILE] | compare EDGE_DLL EDGE_DLL... [same options] | overload EDGE_DLL [--seconds N]");
        return 2;
}
