using Amazon.Runtime;
using Routing.Core.Providers;

namespace Routing.Identity.Home;

/// <summary>What the process runs on, and the clients through which it speaks to token services. Made once a process.</summary>
internal sealed class HomeIdentity(IdentityOptions options, AddressRules rules, TimeProvider time, Func<AWSCredentials>? awsKeys = null) : IDisposable
{
    private AwsHome? _aws;
    private ISubjectTokens? _subjects;

    public IdentityOptions Options => options;
    public TokenHttp Http { get; } = new(rules, time);
    public AwsSts Sts { get; } = new(options, rules, time);
    public AzureClients Azure { get; } = new(options, rules, time);
    public GoogleMetadata Google { get; } = new(options, rules, time);
    public AwsHome Aws => _aws ??= new AwsHome(Sts, time, awsKeys);

    public ISubjectTokens Subjects => _subjects ??= options.Home switch
    {
        HomeKind.File => new FileSubjectTokens(options.TokenFile),
        HomeKind.Aws => Aws,
        HomeKind.Google => Google,
        HomeKind.Azure => new AzureHome(Azure),
        _ => new NoSubjectTokens(),
    };

    public void Dispose()
    {
        Http.Dispose();
        Sts.Dispose();
        Azure.Dispose();
        Google.Dispose();
    }
}
