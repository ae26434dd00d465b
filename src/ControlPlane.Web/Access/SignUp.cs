using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Access;

/// <summary>Turns a one-time link into an account.</summary>
internal sealed class SignUp(
    IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, SetupLink links, AuditLog audit, IPasswordHasher<Person> hasher, ILookupNormalizer names, TimeProvider time)
{
    public const int ShortestPassword = 12;
    private const int LongestPassword = 200;
    private const string Ended = "This link was used, has expired or is not complete. Ask for a new one.";

    /// <summary>The link for which a form may be shown; null when the token opens none. Anybody may ask, so no writer waits for it.</summary>
    public async Task<SignUpLink?> FindLinkAsync(string token, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken);
        return await links.FindAsync(db, token, cancellationToken);
    }

    /// <returns>The account, or a sentence that says what to change.</returns>
    public async Task<(Person? Person, string Problem)> UseAsync(string token, string userName, string password, CancellationToken cancellationToken)
    {
        userName = userName.Trim();
        if (userName.Length is < 1 or > 100 || !userName.All(c => char.IsLetterOrDigit(c) || c is '@' or '.' or '-' or '_' or '+'))
            return (null, "A name has 1 to 100 letters, digits and @ . - _ +.");
        if (password.Length < ShortestPassword) return (null, $"The password has {password.Length} characters; at least {ShortestPassword}.");
        if (password.Length > LongestPassword) return (null, $"The password has {password.Length} characters; at most {LongestPassword}.");
        if (await FindLinkAsync(token, cancellationToken) is null) return (null, Ended);
        return await transactions.RunAsync(db => UseAsync(db, token, userName, password, cancellationToken), cancellationToken);
    }

    private async Task<(Person? Person, string Problem)> UseAsync(ControlPlaneDb db, string token, string userName, string password, CancellationToken cancellationToken)
    {
        // Before anything is read: two that use one link at once must not each see it unused.
        await db.SerialiseAuditAsync(cancellationToken);
        SignUpLink? link = await links.FindAsync(db, token, cancellationToken);
        if (link is null) return (null, Ended);
        string normalized = names.NormalizeName(userName);
        if (await db.Users.AnyAsync(u => u.NormalizedUserName == normalized, cancellationToken)) return (null, $"There is already an account named {userName}.");
        DateTimeOffset now = time.GetUtcNow();
        var person = new Person
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            UserName = userName,
            NormalizedUserName = normalized,
            Email = link.Email.Length > 0 ? link.Email : null,
            NormalizedEmail = link.Email.Length > 0 ? names.NormalizeEmail(link.Email) : null,
            DisplayName = userName,
            Role = link.Role,
            CreatedAt = now,
            LastSignInAt = now, // whoever uses a link is signed in at once
            LockoutEnabled = true,
            SecurityStamp = Guid.CreateVersion7(now).ToString("n"),
        };
        person.PasswordHash = hasher.HashPassword(person, password);
        db.Users.Add(person);
        link.UsedAt = now;
        await audit.AppendAsync(db, new Actor(person.Id, userName, link.Role), "person.sign_up", "person", person.Id, null,
            new { person.UserName, Role = person.Role.ToString() }, "", cancellationToken);
        return (person, "");
    }
}
