using Routing.Simulator;
using Routing.Simulator.Faults;
using Routing.Simulator.Holds;
using Routing.Simulator.Log;
using Routing.Simulator.Tokens;

var configuration = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true)
    .AddEnvironmentVariables().AddCommandLine(args).Build();
var options = configuration.GetSection(SimulatorOptions.Section).Get<SimulatorOptions>() ?? new SimulatorOptions();
if (options.AcceptsNobody) options.UseSampleCredentials();

await using var app = SimulatorSetup.Build(options, TimeProvider.System, new FaultBook(options.Seed), new HoldBook(), new CallLog(), new TokenFaultBook(),
    builder => builder.Logging.AddConfiguration(configuration.GetSection("Logging")).AddSimpleConsole());
await app.RunAsync();
