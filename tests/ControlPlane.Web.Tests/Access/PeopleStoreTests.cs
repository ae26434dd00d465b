using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Tests.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Tests.Access;

public sealed class PeopleStoreTests
{
    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    public async Task EveryMethod_ByALowerRole_IsDenied(Role role)
    {
        await using Plane plane = await StartAsync();
        Person ada = await AddAsync(plane, "ada", Role.Admin);
        await AddAsync(plane, "eve", Role.Admin);
        PeopleStore people = plane.Get<PeopleStore>();
        var actor = new Actor("x", "X", role);
        Func<Task>[] acts =
        [
            () => people.ListAsync(actor, default),
            () => people.InvitationsAsync(actor, default),
            () => people.InviteAsync(actor, "ben@example.com", Role.Admin, default),
            () => people.SetRoleAsync(actor, ada.Id, Role.Viewer, default),
            () => people.SetDisabledAsync(actor, ada.Id, true, default),
        ];
        foreach (Func<Task> act in acts) Assert.Equal(Role.Admin, (await Assert.ThrowsAsync<AccessDeniedException>(act)).Needed);
        Assert.Equal((Role.Admin, false), await StateAsync(plane, ada.Id));
    }

    [Fact]
    public async Task SetRoleAsync_OneOfTwoAdministrators_ChangesItEndsTheirCookiesAndIsAudited()
    {
        await using Plane plane = await StartAsync();
        Person ada = await AddAsync(plane, "ada", Role.Admin);
        await AddAsync(plane, "eve", Role.Admin);

        PersonView changed = await Plane.Saved(plane.Get<PeopleStore>().SetRoleAsync(Plane.Admin, ada.Id, Role.Operator, default));

        Assert.Equal(Role.Operator, changed.Role);
        await using ControlPlaneDb db = plane.Db();
        Assert.NotEqual(ada.SecurityStamp, (await db.Users.SingleAsync(p => p.Id == ada.Id)).SecurityStamp);
        AuditEntry entry = await db.Audit.OrderByDescending(e => e.Sequence).FirstAsync();
        Assert.Equal(("person.role", ada.Id), (entry.Action, entry.ObjectId));
    }

    [Fact]
    public async Task SetRoleAsync_LastAdministrator_IsRefusedAndChangesNothing()
    {
        await using Plane plane = await StartAsync();
        Person ada = await AddAsync(plane, "ada", Role.Admin);
        Person otto = await AddAsync(plane, "otto", Role.Operator);
        await AddAsync(plane, "eve", Role.Admin, disabled: true);
        PeopleStore people = plane.Get<PeopleStore>();

        SaveResult<PersonView> demoted = await people.SetRoleAsync(Plane.Admin, ada.Id, Role.Viewer, default);
        SaveResult<PersonView> disabled = await people.SetDisabledAsync(Plane.Admin, ada.Id, true, default);

        Assert.Equal(["last_administrator", "last_administrator"], demoted.Problems.Concat(disabled.Problems).Select(p => p.Code));
        Assert.Equal((Role.Admin, false), await StateAsync(plane, ada.Id));
        await using (ControlPlaneDb db = plane.Db()) Assert.Equal(ada.SecurityStamp, (await db.Users.SingleAsync(p => p.Id == ada.Id)).SecurityStamp);

        await Plane.Saved(people.SetRoleAsync(Plane.Admin, otto.Id, Role.Admin, default));
        await Plane.Saved(people.SetDisabledAsync(Plane.Admin, ada.Id, true, default));
        Assert.Equal((Role.Admin, true), await StateAsync(plane, ada.Id));
    }

    [Fact]
    public async Task SetRoleAsync_TwoAdministratorsDemoteEachOtherAtOnce_OneStays()
    {
        await using Plane plane = await StartAsync();
        Person ada = await AddAsync(plane, "ada", Role.Admin);
        Person eve = await AddAsync(plane, "eve", Role.Admin);
        PeopleStore people = plane.Get<PeopleStore>();

        SaveResult<PersonView>[] results = await Task.WhenAll(
            Task.Run(() => people.SetRoleAsync(Plane.Admin, ada.Id, Role.Viewer, default)), Task.Run(() => people.SetRoleAsync(Plane.Admin, eve.Id, Role.Viewer, default)));

        Assert.Single(results, r => r.Ok);
        await using ControlPlaneDb db = plane.Db();
        Assert.Equal(1, await db.Users.CountAsync(p => p.Role == Role.Admin));
    }

    [Fact]
    public async Task SetRoleAsync_NobodyOfThatId_IsNotFound()
    {
        await using Plane plane = await StartAsync();
        Assert.Equal(SaveStatus.NotFound, (await plane.Get<PeopleStore>().SetRoleAsync(Plane.Admin, "nobody", Role.Admin, default)).Status);
    }

    [Fact]
    public async Task InviteAsync_ForAnOperator_MakesALinkThatWorksOnceAndGivesThatRole()
    {
        await using Plane plane = await StartAsync();
        PeopleStore people = plane.Get<PeopleStore>();

        Invitation invitation = await Plane.Saved(people.InviteAsync(Plane.Admin, " otto@example.com ", Role.Operator, default));
        InvitationView open = (await people.InvitationsAsync(Plane.Admin, default)).Single();
        string token = invitation.PathAndQuery[(invitation.PathAndQuery.IndexOf('=', StringComparison.Ordinal) + 1)..];
        (Person? otto, string problem) = await SignUpAsync(plane, token, "otto");
        (Person? again, string refused) = await SignUpAsync(plane, token, "another");

        Assert.Equal(("otto@example.com", Role.Operator), (open.Email, open.Role));
        Assert.Equal((Role.Operator, ""), (otto!.Role, problem));
        Assert.Null(again);
        Assert.Contains("was used", refused, StringComparison.Ordinal);
        Assert.Empty(await people.InvitationsAsync(Plane.Admin, default));
    }

    [Fact]
    public async Task InviteAsync_Forgotten_ExpiresAfterAWeek()
    {
        await using Plane plane = await StartAsync();
        Invitation invitation = await Plane.Saved(plane.Get<PeopleStore>().InviteAsync(Plane.Admin, "otto@example.com", Role.Operator, default));
        plane.Time.Advance(TimeSpan.FromDays(7.1));

        (Person? late, _) = await SignUpAsync(plane, invitation.PathAndQuery[(invitation.PathAndQuery.IndexOf('=', StringComparison.Ordinal) + 1)..], "otto");

        Assert.Null(late);
        Assert.Empty(await plane.Get<PeopleStore>().InvitationsAsync(Plane.Admin, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("otto")]
    [InlineData("otto@exam ple.com")]
    [InlineData("otto@example.com\u0000")]
    public async Task InviteAsync_NoAddress_IsRefused(string email)
    {
        await using Plane plane = await StartAsync();
        Assert.Equal(SaveStatus.Invalid, (await plane.Get<PeopleStore>().InviteAsync(Plane.Admin, email, Role.Viewer, default)).Status);
    }

    private static Task<Plane> StartAsync() => Plane.StartAsync(services: s => s.AddAccess(new ConfigurationBuilder().Build()));

    private static async Task<(Person? Person, string Problem)> SignUpAsync(Plane plane, string token, string name)
    {
        await using AsyncServiceScope scope = plane.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignUp>().UseAsync(token, name, "a long enough password", default);
    }

    private static async Task<Person> AddAsync(Plane plane, string name, Role role, bool disabled = false)
    {
        var person = new Person { Id = name, UserName = name, NormalizedUserName = name.ToUpperInvariant(), Role = role, Disabled = disabled, SecurityStamp = "first", CreatedAt = plane.Time.GetUtcNow() };
        await using ControlPlaneDb db = plane.Db();
        db.Users.Add(person);
        await db.SaveChangesAsync();
        return person;
    }

    private static async Task<(Role Role, bool Disabled)> StateAsync(Plane plane, string id)
    {
        PersonView person = (await plane.Get<PeopleStore>().ListAsync(Plane.Admin, default)).Single(p => p.Id == id);
        return (person.Role, person.Disabled);
    }
}
