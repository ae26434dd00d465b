using System.Reflection;
using ControlPlane.Web.Access;
using ControlPlane.Web.Bindings;
using ControlPlane.Web.Callers;
using ControlPlane.Web.ModelEndpoints;
using ControlPlane.Web.Prices;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Tests.Data;

namespace ControlPlane.Web.Tests.Access;

/// <summary>Stores refuse by themselves: what a page hides or a forged event asks for makes no difference.</summary>
public sealed class StoreRoleTests
{
    private static readonly string[] Reads = ["List", "Find", "Preview", "Compare", "Page", "Verify", "State", "Document", "Diff"];

    [Fact]
    public void EveryStoreMethodThatIsNoRead_TakesTheActorFirst()
    {
        string[] open =
        [
            .. typeof(PeopleStore).Assembly.GetTypes()
                .Where(t => t.Name.EndsWith("Store", StringComparison.Ordinal) && t.Namespace!.StartsWith("ControlPlane.Web", StringComparison.Ordinal)) // our types have namespaces
                .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                .Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal) && !Reads.Any(r => m.Name.StartsWith(r, StringComparison.Ordinal)))
                // Part of another store's transaction, which has asked already.
                .Where(m => m.GetParameters().FirstOrDefault()?.ParameterType != typeof(ControlPlane.Web.Data.ControlPlaneDb))
                .Where(m => m.GetParameters().FirstOrDefault()?.ParameterType != typeof(Actor))
                // An edge proves itself by its token; nobody is signed in.
                .Where(m => m.Name != "EnrolAsync")
                .Select(m => $"{m.DeclaringType!.Name}.{m.Name}"), // a method of a type has one
        ];
        Assert.Empty(open);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task AdministratorsWork_ByALowerRole_IsDenied(Role role)
    {
        await using Plane plane = await Plane.StartAsync();
        await plane.SeedAsync();
        var actor = new Actor("x", "X", role);
        Func<Task>[] acts =
        [
            () => plane.Get<BindingStore>().SaveAsync(actor, Plane.Recap(version: 1), default),
            () => plane.Get<BindingStore>().DeleteAsync(actor, "channel-recap", 1, default),
            () => plane.Get<ModelEndpointStore>().SaveAsync(actor, new ModelEndpointForm(), default),
            () => plane.Get<ModelEndpointStore>().DeleteAsync(actor, "azure-gpt", 1, default),
            () => plane.Get<ProviderAccountStore>().SaveAsync(actor, new ProviderAccountForm(), default),
            () => plane.Get<ProviderAccountStore>().SetSecretAsync(actor, "azure-main", new Dictionary<string, string>(), default),
            () => plane.Get<CallerStore>().SaveAsync(actor, new CallerForm(), default),
            () => plane.Get<CallerKeyStore>().CreateAsync(actor, "web", default),
            () => plane.Get<CallerKeyStore>().RotateAsync(actor, Guid.Empty, TimeSpan.Zero, default),
            () => plane.Get<CallerKeyStore>().RevokeAsync(actor, Guid.Empty, "", default),
            () => plane.Get<PriceStore>().AddAsync(actor, new PriceForm(), default),
            () => plane.Get<PriceStore>().WithdrawAsync(actor, Guid.Empty, default),
            () => plane.Get<SnapshotPublisher>().PublishAsync(actor, "", 0, default),
            () => plane.Get<SnapshotPublisher>().RollBackAsync(actor, 1, "", default),
        ];
        foreach (Func<Task> act in acts)
        {
            AccessDeniedException denied = await Assert.ThrowsAsync<AccessDeniedException>(act);
            Assert.Equal(Role.Admin, denied.Needed);
        }
        Assert.Equal(1, (await plane.Get<BindingStore>().FindAsync("channel-recap", default))!.Version);
    }
}
