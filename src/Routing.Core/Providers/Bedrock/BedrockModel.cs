namespace Routing.Core.Providers.Bedrock;

internal enum BedrockMaker : byte
{
    /// <summary>Any other, or hidden behind an ARN: nothing is assumed of it.</summary>
    Other,
    Anthropic,
    Nova,
    OpenAI,
}

/// <summary>Who made a model of Bedrock and of which age it is: Converse is one wire, but its extra fields and limits are the makers'.</summary>
/// <param name="Maker">By the name, or by the family the document gives.</param>
/// <param name="Version">Of Anthropic's models: 307 for Claude 3.7, 500 for Claude 5; 0 when the name does not say.</param>
/// <param name="IsReasoning">Whether we know how this model is told to think.</param>
internal readonly record struct BedrockModel(BedrockMaker Maker, int Version, bool IsReasoning)
{
    private const string ClaudeName = "anthropic.claude";

    // From the first version with extended thinking, to the last one that takes a budget of tokens and no effort; 4.6 takes both.
    private const int FirstThinking = 307;
    private const int FirstEffort = 406;
    private const int FirstWithoutBudget = 407;

    // Open models that Bedrock holds to a schema, by a part of their names. Its own refuse one, and so do Meta's and the older of Mistral's.
    private static readonly string[] NamesWithSchema =
        ["qwen.", "deepseek.v", "ministral", "magistral", "voxtral", "mistral-large-3", "google.gemma", "nvidia.", "minimax.", "moonshot"];

    private const int FirstWithSchema = 405;

    /// <summary>An answer that follows a JSON schema, and tools whose arguments do. One of Anthropic's of an unknown age is taken for a new one.</summary>
    public bool TakesSchema { get; private init; }

    /// <summary>Anthropic's thinking by a number of tokens.</summary>
    public bool TakesBudget => Maker == BedrockMaker.Anthropic && Version is >= FirstThinking and < FirstWithoutBudget;

    /// <summary>Anthropic's adaptive thinking, steered by an effort.</summary>
    public bool TakesEffort => Maker == BedrockMaker.Anthropic && Version >= FirstEffort;

    /// <summary>Since then the newest models refuse <c>top_k</c>.</summary>
    public bool TakesTopK => Maker == BedrockMaker.Anthropic && Version < FirstWithoutBudget;

    /// <summary>Models before adaptive thinking continue an assistant's turn; later ones refuse it.</summary>
    public bool TakesPrefill => Maker == BedrockMaker.Anthropic && Version is > 0 and < FirstEffort;

    /// <summary>Cached prompts, in any form.</summary>
    public bool Caches => Maker is BedrockMaker.Anthropic or BedrockMaker.Nova;

    /// <summary>Whether a tool's result may be marked as an error.</summary>
    public bool TakesToolStatus => Caches;

    public static BedrockModel Of(ModelTarget target)
    {
        var name = target.Model.AsSpan();
        if (target.Family == ModelFamily.Claude || name.Contains(ClaudeName, StringComparison.Ordinal))
        {
            var version = ClaudeVersion(name);
            return new BedrockModel(BedrockMaker.Anthropic, version, version >= FirstThinking) { TakesSchema = version is 0 or >= FirstWithSchema };
        }

        if (name.Contains("amazon.nova", StringComparison.Ordinal)) return new BedrockModel(BedrockMaker.Nova, 0, name.Contains("nova-2", StringComparison.Ordinal));
        return name.Contains("openai.gpt-oss", StringComparison.Ordinal) ? new BedrockModel(BedrockMaker.OpenAI, 0, true) { TakesSchema = true } : new BedrockModel(BedrockMaker.Other, 0, false) { TakesSchema = IsListed(name) };
    }

    private static bool IsListed(ReadOnlySpan<char> name)
    {
        foreach (var part in NamesWithSchema)
        {
            if (name.Contains(part, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>
    /// The name by which a model's tokens are counted: its own, without the inference profile it is called by, which CountTokens refuses.
    /// Null where nothing is counted: of other makers' models, and behind an ARN that hides the name.
    /// </summary>
    public static string? CountedName(string model)
    {
        var at = model.IndexOf(ClaudeName, StringComparison.Ordinal);
        return at < 0 || model.IndexOf('/', at) >= 0 ? null : model[at..];
    }

    // claude-3-7-sonnet-20250219-v1:0, claude-sonnet-4-5-20250929-v1:0, claude-opus-5: the first number, and the second if it is no date.
    private static int ClaudeVersion(ReadOnlySpan<char> name)
    {
        const string Family = "claude-";
        var at = name.IndexOf(Family, StringComparison.Ordinal);
        if (at < 0) return 0;
        name = name[(at + Family.Length)..];
        var major = 0;
        foreach (var part in name.Split('-'))
        {
            var number = Number(name[part]);
            if (major > 0) return major * 100 + Math.Max(number, 0);
            if (number > 0) major = number;
        }

        return major * 100;
    }

    private static int Number(ReadOnlySpan<char> part)
    {
        var end = part.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? part : part[..end];
        return digits.Length is 1 or 2 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : -1;
    }
}
