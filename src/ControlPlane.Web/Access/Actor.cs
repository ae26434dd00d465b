namespace ControlPlane.Web.Access;

/// <summary>Who does something. Every store method that changes anything takes one and checks it itself: pages only hide what would be refused.</summary>
public sealed record Actor(string Id, string Name, Role Role)
{
    /// <summary>A job or set-up step of this process.</summary>
    public static Actor Process(string name) => new("process", name, Role.Admin);

    /// <exception cref="AccessDeniedException">The role is too low.</exception>
    public void Require(Role needed, string doing)
    {
        if (Role < needed) throw new AccessDeniedException(needed, Role, doing);
    }
}
