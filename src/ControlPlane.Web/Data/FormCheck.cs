using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Routing.Core.Snapshots;

namespace ControlPlane.Web.Data;

/// <summary>The annotations of a form, enforced where it is stored: what the browser checked proves nothing.</summary>
internal static class FormCheck
{
    /// <param name="path">Of the object in the document, for example <c>features[recap]</c>.</param>
    public static ImmutableArray<SnapshotProblem> Of(object form, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(form, new ValidationContext(form), results, validateAllProperties: true);
        return
        [
            .. results.Select(r => new SnapshotProblem(
                $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(r.MemberNames.FirstOrDefault() ?? "")}", "form", r.ErrorMessage ?? "Not a valid value.")),
        ];
    }
}
