using AllInOne.Sample;
using Routing.Simulator;

namespace AllInOne;

/// <summary>The stand-in clouds with the sample's credentials, a little different from each other, as clouds are.</summary>
internal static class Clouds
{
    public static Task<SimulatorHost> StartAsync(IConfiguration configuration, SampleCredentials credentials, CancellationToken cancellationToken)
    {
        var options = configuration.GetSection(SimulatorOptions.Section).Get<SimulatorOptions>() ?? new SimulatorOptions();
        credentials.AcceptIn(options);
        SampleTrust.AcceptIn(options);
        if (options.Models.Count == 0)
        {
            options.Models.Add(new ModelBehaviour { Key = "bedrock/*/*", FirstTokenMs = 520, TokensPerSecond = 80, AnswerTokens = 70, CachedShare = 0.3 });
            options.Models.Add(new ModelBehaviour { Key = "vertex/*/*", FirstTokenMs = 350, TokensPerSecond = 140, AnswerTokens = 60 });
            options.Models.Add(new ModelBehaviour { Key = "azure/*/*", FirstTokenMs = 430, TokensPerSecond = 100, AnswerTokens = 65 });
            options.Models.Add(new ModelBehaviour { Key = "anthropic/*/*", FirstTokenMs = 480, TokensPerSecond = 90, AnswerTokens = 70, CachedShare = 0.3 });
        }

        return SimulatorHost.StartAsync(options, TimeProvider.System, cancellationToken);
    }
}
