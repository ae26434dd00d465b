using Routing.Simulator.Tokens;

namespace Routing.Simulator;

/// <summary>Settings of the stand-in clouds, section <c>Simulator</c>.</summary>
public sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>Address to listen on; port 0 takes any free port. All wires share it.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5300";

    /// <summary>Answers, latencies and fault rolls are functions of it.</summary>
    public ulong Seed { get; set; } = 20260528;

    /// <summary>How fast time passes for latencies: 1 = as configured, 2 = twice as fast, 0 = no delay at all.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>When set, every route under <c>/sim</c> needs it in the header <c>x-sim-admin-key</c>.</summary>
    public string? AdminKey { get; set; }

    public AwsCloud Aws { get; set; } = new();
    public GoogleCloud Google { get; set; } = new();
    public AzureCloud Azure { get; set; } = new();
    public OpenAICloud OpenAI { get; set; } = new();
    public AnthropicCloud Anthropic { get; set; } = new();
    public TokenServices Tokens { get; set; } = new();

    /// <summary>Behaviour by model endpoint; the most specific key wins, without a match the defaults of <see cref="ModelBehaviour"/> hold.</summary>
    public IList<ModelBehaviour> Models { get; set; } = [];

    /// <summary>True when no wire accepts anybody: the standalone program then takes <see cref="UseSampleCredentials"/>.</summary>
    public bool AcceptsNobody =>
        Aws.Keys.Count + Google.ServiceAccounts.Count + Google.Tokens.Count + Azure.Keys.Count + Azure.Tokens.Count + OpenAI.Keys.Count
        + Anthropic.Keys.Count + Anthropic.Tokens.Count + Tokens.AwsRoles.Count + Tokens.GooglePools.Count + Tokens.EntraApplications.Count == 0
        && Tokens.MachineSubject.Length == 0;

    /// <summary>Well-known credentials and model lists for trying it out on loopback. They open nothing but this simulator.</summary>
    public void UseSampleCredentials()
    {
        Aws.Keys.Add(new AwsKey { Id = "AKIASIMULATOR0000001", Secret = "simulator-secret-access-key" });
        Google.Tokens.Add("simulator-google-token");
        Azure.Keys.Add(new AzureKey { Key = "simulator-azure-key" });
        Azure.Tokens.Add("simulator-entra-token");
        OpenAI.Keys.Add("simulator-openai-key");
        Anthropic.Keys.Add("simulator-anthropic-key");
        foreach (var model in (string[])["gpt-4.1", "gpt-4.1-mini", "text-embedding-3-small", "text-embedding-3-large"]) OpenAI.Models.Add(model);
        foreach (var model in (string[])["claude-sonnet-4-5", "claude-haiku-4-5"]) Anthropic.Models.Add(model);
    }
}

public sealed class AwsCloud
{
    public IList<AwsKey> Keys { get; set; } = [];

    /// <summary>Regions this cloud serves; a credential scope of any other is refused. Empty = every region.</summary>
    public IList<string> Regions { get; set; } = [];
}

public sealed class AwsKey
{
    public string Id { get; set; } = "";
    public string Secret { get; set; } = "";

    /// <summary>Set for temporary credentials: the call must carry exactly this token.</summary>
    public string? SessionToken { get; set; }
}

public sealed class GoogleCloud
{
    /// <summary>Accounts that may trade a signed assertion for a token at <c>POST /token</c>.</summary>
    public IList<GoogleServiceAccount> ServiceAccounts { get; set; } = [];

    /// <summary>Bearer tokens accepted as they are.</summary>
    public IList<string> Tokens { get; set; } = [];

    /// <summary>Life of a minted token in seconds.</summary>
    public int TokenSeconds { get; set; } = 3599;
}

public sealed class GoogleServiceAccount
{
    public string Email { get; set; } = "";

    /// <summary>RSA public key, PEM (SubjectPublicKeyInfo or PKCS#1).</summary>
    public string PublicKeyPem { get; set; } = "";
}

public sealed class AzureCloud
{
    /// <summary>Resource keys (header <c>api-key</c>).</summary>
    public IList<AzureKey> Keys { get; set; } = [];

    /// <summary>Entra bearer tokens accepted as they are; their calls are in region <c>default</c>.</summary>
    public IList<string> Tokens { get; set; } = [];
}

public sealed class AzureKey
{
    public string Key { get; set; } = "";

    /// <summary>Region of the resource the key belongs to: one port stands in for all resources, so the key says which one is meant.</summary>
    public string Region { get; set; } = "default";
}

public sealed class OpenAICloud
{
    public IList<string> Keys { get; set; } = [];

    /// <summary>What <c>GET /v1/models</c> lists. Any model is answered, listed or not.</summary>
    public IList<string> Models { get; set; } = [];
}

public sealed class AnthropicCloud
{
    /// <summary>API keys (header <c>x-api-key</c>).</summary>
    public IList<string> Keys { get; set; } = [];

    /// <summary>Bearer tokens accepted as they are.</summary>
    public IList<string> Tokens { get; set; } = [];

    /// <summary>What <c>GET /v1/models</c> lists to a call with <c>anthropic-version</c>. Any model is answered, listed or not.</summary>
    public IList<string> Models { get; set; } = [];
}

/// <summary>How one model endpoint behaves. The key is <c>{wire}/{region}/{model}</c>, any part may be <c>*</c>.</summary>
public sealed class ModelBehaviour
{
    public string Key { get; set; } = "*/*/*";

    /// <summary>Median time to first token; single calls vary log-normally around it.</summary>
    public double FirstTokenMs { get; set; } = 350;

    /// <summary>Sigma of the logarithm: 0 = always the median, 0.4 = p90 at about 1.7 times the median.</summary>
    public double FirstTokenSigma { get; set; } = 0.35;

    public double TokensPerSecond { get; set; } = 90;

    /// <summary>Typical answer length; single answers have half to one and a half times as many tokens.</summary>
    public int AnswerTokens { get; set; } = 60;

    /// <summary>Longest prompt in tokens; a longer one is refused in the provider's own words.</summary>
    public int ContextTokens { get; set; } = 200_000;

    /// <summary>Share (0..1) of the prompt that is reported as read from the provider's cache.</summary>
    public double CachedShare { get; set; }

    /// <summary>Hidden reasoning tokens an answer takes when the request does not say otherwise (Gemini thoughts, OpenAI reasoning).</summary>
    public int ThoughtTokens { get; set; }

    /// <summary>True: reasoning is told in <c>reasoning_content</c>, as OpenAI-compatible hosts of open models do (OpenAI wire only).</summary>
    public bool TellsReasoning { get; set; }

    /// <summary>The model whose words this one speaks: two with the same give the same answer, so that one can go on from the other's. Null = its own.</summary>
    public string? AnswersAs { get; set; }

    /// <summary>What Vertex reports as <c>usageMetadata.trafficType</c> and Azure and OpenAI as service tier is derived from.</summary>
    public string TrafficType { get; set; } = "ON_DEMAND";
}
