using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Data;

/// <summary>Lets everything ask for the one model and get the engine's own context.</summary>
internal sealed class DbFactory<TDb>(IDbContextFactory<TDb> engine) : IDbContextFactory<ControlPlaneDb> where TDb : ControlPlaneDb
{
    public ControlPlaneDb CreateDbContext() => engine.CreateDbContext();
}
