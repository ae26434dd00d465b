using Routing.Core.Llm;
using Routing.Core.Providers.Bedrock;

namespace Routing.Core.Providers.Anthropic;

/// <summary>
/// Of a caller's sampling, what a model takes. The newest of Anthropic's choose themselves and refuse all three; since 4.1 the
/// others refuse temperature beside top_p; and while they think they take neither a temperature nor top_k, and no low top_p.
/// Models of other makers, or of an unknown age, get what they are sent.
/// </summary>
internal readonly record struct ClaudeSampling(double? Temperature, double? TopP, int? TopK)
{
    // OpenAI's scale goes to 2, Anthropic's and Converse's to 1, and they refuse more.
    private const double HighestTemperature = 1;
    private const double LeastTopPOfThinking = 0.95;

    private const int FirstWithoutSampling = 407;
    private const int FirstWithEither = 401;

    public static ClaudeSampling Of(ChatRequest request, in BedrockModel model)
    {
        var asked = new ClaudeSampling(request.Temperature is { } given ? Math.Min(given, HighestTemperature) : null, request.TopP, request.TopK);
        if (model.Maker != BedrockMaker.Anthropic) return asked;
        if (model.Version >= FirstWithoutSampling) return default;
        if (ConverseReasoning.IsAsked(request, model))
        {
            return new ClaudeSampling(asked.Temperature is HighestTemperature ? asked.Temperature : null, asked.TopP is >= LeastTopPOfThinking ? asked.TopP : null, null).WithOne(model);
        }

        return asked.WithOne(model);
    }

    private ClaudeSampling WithOne(in BedrockModel model) => model.Version >= FirstWithEither && Temperature is not null ? this with { TopP = null } : this;
}
