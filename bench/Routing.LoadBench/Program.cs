// The end-to-end load benchmark: a bare YARP passthrough and the standalone edge, before the same upstream, in one go and in alternation.
//   upstream PORT            the provider both stand before: OpenAI's wire, fixed answers, no work
//   yarp PORT UPSTREAM       a passthrough with no duties
//   run EDGE_DLL [--seconds N] [--rounds N] [--only SCENARIO] [--json FILE]
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
    default:
        Console.Error.WriteLine("usage: upstream PORT | yarp PORT UPSTREAM | run EDGE_DLL [--seconds N] [--rounds N] [--only SCENARIO] [--json FILE]");
        return 2;
}
