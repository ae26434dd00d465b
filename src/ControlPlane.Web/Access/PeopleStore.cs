using System.Collections.Immutable;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Access;

public sealed record PersonView(string Id, string UserName, string DisplayName, string Email, Role Role, bool Disabled, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <param name="Email">Whom it was made for.</param>
public sealed record InvitationView(string Email, Role Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string CreatedBy);

/// <param name="PathAndQuery">Shown once; goes to that person by hand.</param>
public sealed record Invitation(string PathAndQuery, string Email, Role Role);

/// <summary>People and their roles. A changed role ends that person's open pages within a minute.</summary>
internal sealed class PeopleStore(IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, SetupLink links, AuditLog audit, TimeProvider time)
{
    public async Task<ImmutableArray<PersonView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "see people");
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Person> people = await db.Users.AsNoTracking().OrderBy(p => p.UserName).ToListAsync(cancellationToken);
        return [.. people.Select(View)];
    }

    public async Task<ImmutableArray<InvitationView>> InvitationsAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "see invitations");
        DateTimeOffset now = time.GetUtcNow();
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return
        [
            .. await db.SignUpLinks.AsNoTracking().Where(l => l.UsedAt == null && l.ExpiresAt > now && l.Email != "").OrderBy(l => l.CreatedAt)
                .Select(l => new InvitationView(l.Email, l.Role, l.CreatedAt, l.ExpiresAt, l.CreatedBy)).ToListAsync(cancellationToken),
        ];
    }

    public Task<SaveResult<Invitation>> InviteAsync(Actor actor, string email, Role role, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "invite people");
        email = email.Trim();
        if (email.Length is < 3 or > 200 || !email.Contains('@', StringComparison.Ordinal) || email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return Task.FromResult(SaveResult.Invalid<Invitation>("email", "email_shape", $"'{email}' is not an e-mail address. Write name@host."));
        return transactions.SaveAsync(async db =>
        {
            string link = links.Invite(db, actor, email, role);
            await audit.AppendAsync(db, actor, "person.invite", "person", email, null, new { Email = email, Role = role.ToString() }, "", cancellationToken);
            return SaveResult.Saved(new Invitation(link, email, role));
        }, cancellationToken);
    }

    public Task<SaveResult<PersonView>> SetRoleAsync(Actor actor, string id, Role role, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, "change roles");
        return ChangeAsync(actor, id, "person.role", person => person.Role = role, cancellationToken);
    }

    public Task<SaveResult<PersonView>> SetDisabledAsync(Actor actor, string id, bool disabled, CancellationToken cancellationToken)
    {
        actor.Require(Role.Admin, disabled ? "disable accounts" : "enable accounts");
        return ChangeAsync(actor, id, disabled ? "person.disable" : "person.enable", person => person.Disabled = disabled, cancellationToken);
    }

    private Task<SaveResult<PersonView>> ChangeAsync(Actor actor, string id, string action, Action<Person> change, CancellationToken cancellationToken) =>
        transactions.SaveAsync(async db =>
        {
            // Before anything is read: two administrators who demote each other at once must not each see the other as the one who stays.
            await db.SerialiseAuditAsync(cancellationToken);
            Person? person = await db.Users.SingleOrDefaultAsync(p => p.Id == id, cancellationToken);
            if (person is null) return SaveResult.NotFound<PersonView>();
            PersonView before = View(person);
            change(person);
            // The stamp is in every cookie of that person: a new one ends them.
            person.SecurityStamp = Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
            if (!await db.Users.AnyAsync(p => p.Id != id && p.Role == Role.Admin && !p.Disabled, cancellationToken) && (person.Role != Role.Admin || person.Disabled))
            {
                return SaveResult.Invalid<PersonView>("role", "last_administrator",
                    $"{person.UserName} is the last administrator. Make somebody else one first.");
            }
            await audit.AppendAsync(db, actor, action, "person", id, before, View(person), "", cancellationToken);
            return SaveResult.Saved(View(person));
        }, cancellationToken);

    private static PersonView View(Person p) => new(p.Id, p.UserName ?? "", p.DisplayName, p.Email ?? "", p.Role, p.Disabled, p.CreatedAt, p.LastSignInAt);
}
