namespace ControlPlane.Web.Publishing;

/// <summary>A row people edit: optimistic version, and who touched it last.</summary>
internal interface IDraftRow
{
    long Version { get; set; }
    DateTimeOffset UpdatedAt { get; set; }
    string UpdatedBy { get; set; }
}
