using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Web.Data;

/// <summary>Moments as UTC ticks: SQLite can neither order nor compare a DateTimeOffset.</summary>
internal sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
    value => value.UtcTicks,
    ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
