using ControlPlane.Web.ProviderAccounts;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Tests.ProviderAccounts;

public sealed class ProviderAccountFormTests
{
    [Theory]
    [InlineData(ProviderKind.Bedrock, CredentialKind.Federated)]
    [InlineData(ProviderKind.Vertex, CredentialKind.Federated)]
    [InlineData(ProviderKind.AzureOpenAI, CredentialKind.Federated)]
    [InlineData(ProviderKind.Anthropic, CredentialKind.ApiKey)]
    [InlineData(ProviderKind.OpenAICompatible, CredentialKind.ApiKey)]
    public void Choose_EachProvider_TakesAnIdentityWhereThereIsOne(ProviderKind provider, CredentialKind kind)
    {
        var form = new ProviderAccountForm();
        form.Choose(provider);
        Assert.Equal((provider, kind), (form.Provider, form.CredentialKind));
    }

    [Fact]
    public void Choose_KindThatTheProviderCannotHave_IsLeft()
    {
        var form = new ProviderAccountForm { Provider = ProviderKind.Bedrock, CredentialKind = CredentialKind.AwsKeys };
        form.Choose(ProviderKind.Vertex);
        Assert.Equal(CredentialKind.Federated, form.CredentialKind);
    }
}
