using ControlPlane.Web.Insights;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Requests;

/// <summary>What model endpoints were called in the revision a request was routed by; their ids when it is not there.</summary>
internal sealed class EndpointNames(RoutingSnapshot? document)
{
    public string Of(string id)
    {
        if (document?.ModelEndpoints.FirstOrDefault(e => e.Id == id) is not { } endpoint) return id;
        string model = endpoint.DisplayName.Length > 0 ? endpoint.DisplayName : endpoint.Model;
        string provider = document.Accounts.FirstOrDefault(a => a.Id == endpoint.Account) is { } account ? ProviderWords.Of(account.Provider) : endpoint.Account;
        return ProviderWords.Endpoint(model, provider, endpoint.Region);
    }
}
