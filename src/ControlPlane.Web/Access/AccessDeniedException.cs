namespace ControlPlane.Web.Access;

/// <summary>Somebody asked for more than their role allows. Pages show the message as it is.</summary>
public sealed class AccessDeniedException(Role needed, Role has, string doing)
    : Exception($"Only {Article(needed)} may {doing}; you are {Article(has)}. Nothing was changed.")
{
    public Role Needed { get; } = needed;
    public Role Has { get; } = has;

    private static string Article(Role role) => role switch
    {
        Role.Admin => "an administrator",
        Role.Operator => "an operator",
        _ => "a viewer",
    };
}
