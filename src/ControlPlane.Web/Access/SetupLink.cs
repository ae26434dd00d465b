using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Access;

/// <summary>
/// One-time links with which somebody sets a name and a password: there is no default password and no open registration.
/// </summary>
public sealed class SetupLink
{
    public const string Path = "/setup";
    private const int TokenBytes = 32;
    private static readonly TimeSpan FirstAdministratorLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);

    private readonly IDbContextFactory<ControlPlaneDb> _contexts;
    private readonly TimeProvider _time;

    internal SetupLink(IDbContextFactory<ControlPlaneDb> contexts, TimeProvider time) => (_contexts, _time) = (contexts, time);

    /// <summary>Path and query of a link for the first administrator; null once somebody exists. Each call makes a new link and ends the ones before.</summary>
    public async Task<string?> CreateIfNoUserAsync(CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await _contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AnyAsync(cancellationToken)) return null;
        await db.SignUpLinks.Where(l => l.UsedAt == null && l.Email == "").ExecuteDeleteAsync(cancellationToken);
        string link = Add(db, Role.Admin, "", "set-up", FirstAdministratorLife);
        await db.SaveChangesAsync(cancellationToken);
        return link;
    }

    /// <summary>Adds an invitation to a change that is being written; the link is shown once.</summary>
    internal string Invite(ControlPlaneDb db, Actor actor, string email, Role role) => Add(db, role, email, actor.Name, InvitationLife);

    /// <summary>The link a token opens, if it is unused and in time.</summary>
    internal async Task<SignUpLink?> FindAsync(ControlPlaneDb db, string token, CancellationToken cancellationToken)
    {
        string hash = HashOf(token);
        DateTimeOffset now = _time.GetUtcNow();
        return await db.SignUpLinks.SingleOrDefaultAsync(l => l.TokenHash == hash && l.UsedAt == null && l.ExpiresAt > now, cancellationToken);
    }

    private string Add(ControlPlaneDb db, Role role, string email, string by, TimeSpan life)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        DateTimeOffset now = _time.GetUtcNow();
        db.SignUpLinks.Add(new SignUpLink { TokenHash = HashOf(token), Role = role, Email = email, CreatedAt = now, ExpiresAt = now + life, CreatedBy = by });
        return $"{Path}?token={token}";
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
