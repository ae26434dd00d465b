using System.Buffers;
using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Routing.Edge.Snapshots;

/// <summary>What is wrong with a file's YAML, with its line.</summary>
internal sealed class YamlProblemException(string message) : Exception(message);

/// <summary>
/// Turns one YAML document into JSON, event by event. Anchors, tags and merge keys are refused: nobody needs them here,
/// and a few lines of them can grow to gigabytes.
/// </summary>
internal static class YamlJson
{
    private const int MostLevels = 32;

    /// <exception cref="YamlProblemException">The file is not one plain YAML document.</exception>
    public static byte[] Convert(string yaml)
    {
        var json = new ArrayBufferWriter<byte>(Math.Max(yaml.Length, 256));
        try
        {
            using var writer = new Utf8JsonWriter(json);
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) throw new YamlProblemException("The file is empty.");
            parser.Consume<DocumentStart>();
            Value(parser, writer, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _)) throw new YamlProblemException("The file holds more than one document; one is read.");
        }
        catch (YamlException e)
        {
            throw new YamlProblemException($"Line {e.Start.Line}: {e.Message}");
        }

        return json.WrittenSpan.ToArray();
    }

    private static void Value(Parser parser, Utf8JsonWriter json, int level)
    {
        if (level > MostLevels) throw At(parser.Current!, $"is nested deeper than {MostLevels} levels"); // There is an event: the caller has seen it.
        if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw At(parser.Current, "uses an anchor; write the value out");
        switch (parser.Current)
        {
            case Scalar scalar:
                Write(scalar, json);
                parser.MoveNext();
                break;
            case SequenceStart:
                parser.MoveNext();
                json.WriteStartArray();
                while (!parser.TryConsume<SequenceEnd>(out _)) Value(parser, json, level + 1);
                json.WriteEndArray();
                break;
            case MappingStart:
                parser.MoveNext();
                Mapping(parser, json, level);
                break;
            default: throw new YamlProblemException("The file ends in the middle of a value.");
        }
    }

    private static void Mapping(Parser parser, Utf8JsonWriter json, int level)
    {
        json.WriteStartObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not Scalar { Anchor.IsEmpty: true } key) throw At(parser.Current!, "is no plain name for a field"); // As above.
            if (!seen.Add(key.Value)) throw At(key, $"is a second '{key.Value}' in the same place");
            json.WritePropertyName(key.Value);
            parser.MoveNext();
            Value(parser, json, level + 1);
        }

        json.WriteEndObject();
    }

    /// <summary>Plain words are typed as in YAML's core schema; anything in quotes is text.</summary>
    private static void Write(Scalar scalar, Utf8JsonWriter json)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain) json.WriteStringValue(text);
        else if (text is "" or "~" or "null") json.WriteNullValue();
        else if (text is "true" or "false") json.WriteBooleanValue(text == "true");
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && IsPlainNumber(text)) json.WriteNumberValue(whole);
        else if (IsPlainNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(text);
    }

    // 007 and +1 are text, as in JSON: a project or model called like that must survive.
    private static bool IsPlainNumber(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && (digits.Length == 1 || digits[0] != '0' || !char.IsAsciiDigit(digits[1])) && char.IsAsciiDigit(digits[^1]);
    }

    private static YamlProblemException At(ParsingEvent e, string what) => new($"Line {e.Start.Line}, column {e.Start.Column} {what}.");
}
