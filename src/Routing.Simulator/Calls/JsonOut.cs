using System.Buffers;
using System.Text.Json;

namespace Routing.Simulator.Calls;

/// <summary>A JSON writer per thread: writing one chunk allocates nothing. Never held across an await.</summary>
internal static class JsonOut
{
    [ThreadStatic] private static Utf8JsonWriter? _writer;

    public static Utf8JsonWriter Into(IBufferWriter<byte> to)
    {
        if (_writer is not { } writer) return _writer = new Utf8JsonWriter(to, SimulatorJson.Writer);
        writer.Reset(to);
        return writer;
    }

    public static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<float> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
