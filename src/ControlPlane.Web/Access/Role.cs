namespace ControlPlane.Web.Access;

/// <summary>What a person may do; each role includes the ones before it.</summary>
public enum Role
{
    /// <summary>Product owners: read everything that is not a credential.</summary>
    Viewer,

    /// <summary>On-call: take endpoints out of service and back.</summary>
    Operator,

    /// <summary>Bindings, publishing, credentials, people.</summary>
    Admin,
}
