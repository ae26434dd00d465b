using ControlPlane.Web.Audit;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Breakers;
using ControlPlane.Web.Budgets;
using ControlPlane.Web.Callers;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.Explain;
using ControlPlane.Web.Insights;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Requests;
using ControlPlane.Web.Secrets;
using ControlPlane.Web.Usage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Routing.Core.Providers;

namespace ControlPlane.Web;

/// <summary>Everything below the pages, slice by slice. Comes before the shell: its first start-up step makes the tables the rest reads.</summary>
internal static class ControlPlaneServices
{
    public static void AddControlPlaneServices(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDatabase(configuration);
        services.AddSecrets();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditStore>();
        services.TryAddSingleton(provider => new AddressRules(provider.GetRequiredService<IOptions<PlaneOptions>>().Value.AllowedAddresses));
        services.AddDraft();
        services.AddUsage();
        services.AddEdges();
        services.AddBudgets();
        services.AddInsights();
        services.AddRequests();
        services.AddExplain();
        services.AddJobs();
    }

    private static void AddDraft(this IServiceCollection services)
    {
        services.AddSingleton<DraftSignal>();
        services.AddSingleton<DraftReader>();
        services.AddSingleton<DraftProblems>();
        services.AddSingleton<DraftEdits>();
        services.AddSingleton<DraftWriter>();
        services.AddSingleton<SnapshotPublisher>();
        services.AddSingleton<RevisionStore>();
        services.AddSingleton<ProviderAccountStore>();
        services.AddSingleton<IdentityProofs>();
        services.AddSingleton<ModelEndpointStore>();
        services.AddSingleton<BindingStore>();
        services.AddSingleton<BindingOutlookQueries>();
        services.AddSingleton<BreakerPolicyStore>();
        services.AddSingleton<CallerStore>();
        services.AddSingleton<CallerKeyStore>();
        services.AddSingleton<PriceStore>();
    }
}
