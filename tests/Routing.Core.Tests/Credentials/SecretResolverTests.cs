using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace Routing.Core.Tests.Credentials;

public sealed class SecretResolverTests
{
    private const string Canary = "canary-8f2c";
    private static readonly SecretResolvers Secrets = new(
        new SealedSecrets(new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["azure"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = Canary, ["empty"] = "" },
        }),
        new LocalSecrets(name => name == "AZURE_KEY" ? Canary : name == "BLANK" ? "" : null));

    [Theory]
    [InlineData("sealed:azure#key")]
    [InlineData("env:AZURE_KEY")]
    public void Resolve_KnownReference_FindsTheValue(string reference) => Assert.Equal(Canary, Secrets.Resolve(reference)?.Value);

    [Theory]
    [InlineData("sealed:azure#other")]
    [InlineData("sealed:azure#empty")]
    [InlineData("sealed:nobody#key")]
    [InlineData("sealed:azure")]
    [InlineData("sealed:#key")]
    [InlineData("sealed:azure#")]
    [InlineData("env:NOT_SET")]
    [InlineData("env:BLANK")]
    [InlineData("env:")]
    [InlineData("file:/no/such/file")]
    [InlineData("file:relative/path")]
    [InlineData("file:")]
    public void Resolve_UnknownName_SaysWhichReference(string reference)
    {
        var lookup = Secrets.Resolve(reference);
        Assert.NotNull(lookup);
        Assert.Null(lookup.Value.Value);
        Assert.Contains($"'{reference}'", lookup.Value.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, lookup.Value.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FileWithLineEnd_LeavesTheLineEndOut()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, Canary + "\r\n");
            Assert.Equal(Canary, Secrets.Resolve("file:" + path)?.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Resolve_FileTooLarge_IsAProblem()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, new string('x', 64 * 1024 + 1));
            Assert.Null(Secrets.Resolve("file:" + path)?.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TryResolve_PastedSecretInsteadOfReference_IsNotRepeated()
    {
        var problem = SecretResolvers.TryResolve(Secrets, Credential(Canary), out _);
        Assert.Contains("'key'", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryResolve_AllFound_ReturnsTheFields()
    {
        Assert.Null(SecretResolvers.TryResolve(Secrets, Credential("sealed:azure#key"), out var fields));
        Assert.Equal(Canary, fields["key"]);
    }

    [Fact]
    public void ToString_FoundValue_IsMasked() => Assert.Equal("***", SecretLookup.Found(Canary).ToString());

    private static CredentialConfig Credential(string reference) => new()
    {
        Kind = CredentialKind.ApiKey,
        Fields = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("key", reference),
    };
}
