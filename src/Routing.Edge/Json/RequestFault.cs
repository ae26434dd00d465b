using System.Globalization;
using Routing.Core.Llm;

namespace Routing.Edge.Json;

/// <summary>What is wrong with a request, in OpenAI's codes, naming the field. Thrown inside the reader only; it never leaves it.</summary>
internal sealed class RequestFault(string code, string? param, string message) : Exception(message)
{
    private FailureKind Kind { get; init; } = FailureKind.InvalidRequest;

    public Failure ToFailure() => new() { Kind = Kind, Message = Message, RawCode = code, Param = param };

    public static RequestFault Json(string why) => new("invalid_json", null, $"The body is not a JSON object: {why}");

    public static RequestFault NoBody() => new("invalid_json", null, "The body is empty; it must be a JSON object.");

    public static RequestFault Missing(string param) => new("missing_required_parameter", param, $"'{param}' is missing.");

    public static RequestFault Duplicate(string param) =>
        new("duplicate_parameter", param, $"'{param}' is there twice. Two readers of one document could take different ones, so neither is taken.");

    public static RequestFault Type(string param, string wanted, string got) => new("invalid_type", param, $"'{param}' must be {wanted}, not {got}.");

    public static RequestFault Value(string param, string message) => new("invalid_value", param, $"'{param}' {message}");

    public static RequestFault Unsupported(string param, string message) => new("unsupported_value", param, $"'{param}' {message}");

    /// <summary>Right in itself, but nothing behind this edge can do it.</summary>
    public static RequestFault Incapable(string param, string message) =>
        new("unsupported_capability", param, $"'{param}' {message}") { Kind = FailureKind.CapabilityUnsupported };

    public static RequestFault Empty(string param) => new("empty_array", param, $"'{param}' is empty; it needs at least one element.");

    public static RequestFault TooMany(string param, int count, int most) => new("array_above_max_length", param,
        string.Create(CultureInfo.InvariantCulture, $"'{param}' has more than {most} elements ({count} read so far)."));

    public static RequestFault TooLong(string param, int length, int most) => new("string_above_max_length", param,
        string.Create(CultureInfo.InvariantCulture, $"'{param}' has {length} bytes; at most {most}."));

    public static RequestFault Below(string param, double value, double least, bool whole) => new(whole ? "integer_below_min_value" : "decimal_below_min_value",
        param, string.Create(CultureInfo.InvariantCulture, $"'{param}' is {value:R}; the least is {least:R}."));

    public static RequestFault Above(string param, double value, double most, bool whole) => new(whole ? "integer_above_max_value" : "decimal_above_max_value",
        param, string.Create(CultureInfo.InvariantCulture, $"'{param}' is {value:R}; the most is {most:R}."));
}
