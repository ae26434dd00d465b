using System.Buffers;
using System.Text.Json;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Edge.Admission;
using Routing.Edge.Shadows;
using Routing.Edge.Usage;

namespace Routing.Edge.Probes;

/// <summary><c>/healthz</c>: the process lives. <c>/readyz</c>: send it traffic, or why not.</summary>
internal sealed class ProbeEndpoints(CurrentTable current, Drain drain, AdmissionControl admission, ShadowCopies shadows, UsageSpool spool, EdgeState state)
{
    public static Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.BodyWriter.Write("ok\n"u8);
        return Task.CompletedTask;
    }

    public Task ReadyAsync(HttpContext context)
    {
        var table = current.Value;
        var why = drain.IsDraining ? "The edge is stopping." : table is null ? state.WhyNoTable : null;
        context.Response.StatusCode = why is null ? 200 : 503;
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteBoolean("ready"u8, why is null);
        if (why is not null) json.WriteString("reason"u8, why);
        if (table is not null)
        {
            json.WriteNumber("revision"u8, table.Revision);
            json.WriteNumber("overlay"u8, table.Overlay);
        }

        json.WriteNumber("inFlight"u8, drain.InFlight - 1); // Without the one that asks.
        json.WriteNumber("waiting"u8, admission.Waiting);
        json.WriteNumber("shedInteractive"u8, admission.Shed(RequestLane.Interactive));
        json.WriteNumber("shedBatch"u8, admission.Shed(RequestLane.Batch));
        json.WriteNumber("shadowInFlight"u8, shadows.InFlight);
        json.WriteNumber("shadowDropped"u8, shadows.Dropped);
        json.WriteNumber("shadowRefused"u8, shadows.Refused);
        json.WriteNumber("usagePending"u8, spool.Pending);
        json.WriteNumber("usageDropped"u8, spool.Dropped);
        json.WriteEndObject();
        return Task.CompletedTask;
    }
}
