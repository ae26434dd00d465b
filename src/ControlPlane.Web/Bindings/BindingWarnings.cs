using System.Collections.Immutable;
using ControlPlane.Web.Publishing;
using Routing.Core.Providers;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Bindings;

/// <summary>What the edges' own validator warns of in a binding that is being edited. Pure.</summary>
internal static class BindingWarnings
{
    /// <param name="form">Without errors of its own.</param>
    /// <param name="draft">For the model endpoints it is bound to and their accounts.</param>
    public static ImmutableArray<SnapshotProblem> Of(BindingForm form, RoutingSnapshot draft, AddressRules rules, string path)
    {
        HashSet<string> bound = [.. form.Candidates.Select(c => c.ModelEndpoint)];
        ImmutableArray<ModelEndpointConfig> endpoints = [.. draft.ModelEndpoints.Where(e => bound.Contains(e.Id))];
        HashSet<string> accounts = [.. endpoints.Select(e => e.Account)];
        RoutingSnapshot alone = draft with
        {
            Accounts = [.. draft.Accounts.Where(a => accounts.Contains(a.Id))], ModelEndpoints = endpoints, Features = [FeatureOf(form)], Callers = [],
            Prices = [.. draft.Prices.Where(p => bound.Contains(p.ModelEndpoint))],
        };
        return [.. ObjectCheck.Add([], alone, rules, "features", path).Where(p => p.Severity == ProblemSeverity.Warning)];
    }

    private static FeatureConfig FeatureOf(BindingForm form)
    {
        Feature row = new() { Name = ObjectCheck.StandIn };
        form.WriteTo(row);
        return DraftReader.Feature(row) with
        {
            Candidates = [.. form.Candidates.Select(c => new CandidateConfig { ModelEndpoint = c.ModelEndpoint, Tier = c.Tier, Weight = c.Weight, Role = c.Role })],
        };
    }
}
