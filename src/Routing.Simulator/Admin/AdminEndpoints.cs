using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Faults;
using Routing.Simulator.Holds;
using Routing.Simulator.Log;
using Routing.Simulator.Tokens;

namespace Routing.Simulator.Admin;

/// <summary>Faults, holds and the log over HTTP, under <c>/sim</c>.</summary>
internal sealed class AdminEndpoints(SimulatorOptions options, FaultBook faults, HoldBook holds, CallLog log, TokenFaultBook tokens)
{
    public const string KeyHeader = "x-sim-admin-key";
    private const int MostRecords = 10_000;
    private const int MostParts = 1_000_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/sim");
        admin.AddEndpointFilter(RequireKeyAsync);
        admin.MapGet("/faults", () => Results.Json(faults.All, SimulatorJson.Readable));
        admin.MapPut("/faults/{**key}", SetFaultAsync);
        admin.MapDelete("/faults/{**key}", RemoveFault);
        admin.MapDelete("/faults", () => { faults.Clear(); return Results.NoContent(); });
        admin.MapGet("/holds", () => Results.Json(holds.All, SimulatorJson.Readable));
        admin.MapPut("/holds/{**key}", (string key) => holds.Set(Uri.UnescapeDataString(key)) ? Results.NoContent() : Refuse($"'{key}' is not of the form {EndpointKey.Form}."));
        admin.MapPost("/holds/{**key}", Release);
        admin.MapDelete("/holds/{**key}", (string key) => holds.Remove(Uri.UnescapeDataString(key)) ? Results.NoContent() : Results.NotFound());
        TokenAdmin.Map(admin, tokens);
        admin.MapGet("/log", (long? after, int? limit) => Results.Json(log.After(after ?? 0, Math.Clamp(limit ?? 1000, 0, MostRecords)), SimulatorJson.Readable));
        admin.MapGet("/log/summary", () => Results.Json(new { lastSeq = log.LastSeq, endpoints = log.Summary() }, SimulatorJson.Readable));
    }

    private async ValueTask<object?> RequireKeyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (string.IsNullOrEmpty(options.AdminKey)) return await next(context);
        var given = Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[KeyHeader].ToString());
        if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(options.AdminKey))) return await next(context);
        return Results.Json(new { error = $"The header {KeyHeader} is missing or wrong. It is the setting Simulator:AdminKey; in the all-in-one process SimulatorAdminKey in sample-credentials.json of its data directory." }, statusCode: 401);
    }

    private async Task<IResult> SetFaultAsync(string key, HttpRequest request)
    {
        FaultRule? rule;
        try
        {
            // Whatever the content type says: a tool that posts forms by default means JSON here.
            rule = await JsonSerializer.DeserializeAsync<FaultRule>(request.Body, SimulatorJson.Readable, request.HttpContext.RequestAborted);
        }
        catch (JsonException broken)
        {
            return Refuse($"The body is not a fault: {broken.Message} Kinds: {string.Join(", ", FaultNames.All)}.");
        }

        if (rule is null) return Refuse("The body is not a fault: it is null.");
        if (rule.Rate is not (>= 0 and <= 1)) return Refuse($"rate is {rule.Rate}; it must be 0 to 1.");
        if (rule.Status is < 400 or > 599) return Refuse($"status is {rule.Status}; it must be 400 to 599.");
        if (!rule.InBand.IsPlainError) return Refuse($"inBand is {FaultNames.Of(rule.InBand)}; it must be an error that has a status of its own.");
        if (rule.Ms < 0 || rule.AfterChunks < 0 || rule.RetryAfterMs < 0 || rule.TokensPerSecond < 0) return Refuse("ms, afterChunks, retryAfterMs and tokensPerSecond must not be negative.");
        if (!rule.Word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return Refuse("word may have ASCII letters, digits, '_' and '-' only: it goes into a header.");
        return faults.Set(Uri.UnescapeDataString(key), rule) ? Results.NoContent() : Refuse($"'{key}' is not of the form {EndpointKey.Form}.");
    }

    private IResult Release(string key, int? parts)
    {
        if (parts is < 1 or > MostParts) return Refuse($"parts is {parts}; it must be 1 to {MostParts}.");
        return holds.Release(Uri.UnescapeDataString(key), parts ?? 1) ? Results.NoContent() : Results.NotFound();
    }

    private IResult RemoveFault(string key) => faults.Remove(Uri.UnescapeDataString(key)) ? Results.NoContent() : Results.NotFound();

    private static IResult Refuse(string error) => Results.Json(new { error }, SimulatorJson.Readable, statusCode: 400);
}
