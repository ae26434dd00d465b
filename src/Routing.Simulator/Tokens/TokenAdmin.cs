using System.Text.Json;

namespace Routing.Simulator.Tokens;

/// <summary>Faults of the token services over HTTP, beside those of the models.</summary>
internal static class TokenAdmin
{
    public static void Map(IEndpointRouteBuilder admin, TokenFaultBook faults)
    {
        admin.MapGet("/tokens", () => Results.Json(faults.Calls(), SimulatorJson.Readable));
        admin.MapPut("/tokens/{service}/fault", async (string service, HttpRequest request) =>
        {
            try
            {
                var fault = await JsonSerializer.DeserializeAsync<TokenFault>(request.Body, SimulatorJson.Readable, request.HttpContext.RequestAborted);
                if (fault is null || fault.Ms < 0 || fault.Count < 0) return Refuse("The body is not a fault: kind is needed, ms and count must not be negative.");
                return faults.Set(service, fault) ? Results.NoContent() : Refuse($"There is no service '{service}'; there are {string.Join(", ", TokenFaultBook.Services)}.");
            }
            catch (JsonException broken)
            {
                return Refuse($"The body is not a fault: {broken.Message}");
            }
        });
        admin.MapDelete("/tokens/{service}/fault", (string service) => faults.Remove(service) ? Results.NoContent() : Results.NotFound());
    }

    private static IResult Refuse(string error) => Results.Json(new { error }, SimulatorJson.Readable, statusCode: 400);
}
