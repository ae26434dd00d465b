using System.Text.Json;
using System.Text.Json.Serialization;

namespace Routing.Core.Llm;

/// <summary>Writes enum members as <c>snake_case</c> strings, the spelling used in documents, headers and metrics.</summary>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
