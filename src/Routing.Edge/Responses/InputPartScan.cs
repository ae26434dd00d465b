using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;
using Routing.Edge.OpenAI;

namespace Routing.Edge.Responses;

/// <summary>Checks the parts of a message's content or of a tool's output.</summary>
internal static class InputPartScan
{
    private const int MostParts = 10_000;
    private const int LongestName = 1024;

    /// <param name="firstOther">Place of the first part that is no text; -1 when there is none.</param>
    public static PartKinds ReadAll(ref Utf8JsonReader json, in At item, string member, out int firstOther, ref Needs needs)
    {
        firstOther = -1;
        if (json.TokenType == JsonTokenType.String) return json.ValueSpan.IsEmpty ? PartKinds.EmptyText : PartKinds.Text;
        if (json.TokenType != JsonTokenType.StartArray) throw JsonValue.Wrong(ref json, item, member, "a string or an array of parts");
        var kinds = PartKinds.None;
        for (var count = 0; JsonValue.NextItem(ref json, item, member, count, MostParts); count++)
        {
            var kind = ReadPart(ref json, item.Then(member, count), ref needs);
            kinds |= kind;
            if (firstOther < 0 && kind is not (PartKinds.Text or PartKinds.EmptyText or PartKinds.Refusal)) firstOther = count;
        }

        return kinds;
    }

    private static PartKinds ReadPart(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        switch (ItemType.Peek(json, at))
        {
            case ItemType.InputText or ItemType.OutputText:
                return Text(ref json, at, "text", ref needs) ? PartKinds.Text : PartKinds.EmptyText;
            case ItemType.Refusal:
                Text(ref json, at, "refusal", ref needs);
                return PartKinds.Refusal;
            case ItemType.InputImage:
                Image(ref json, at, ref needs);
                return PartKinds.Image;
            case ItemType.InputFile:
                File(ref json, at, ref needs);
                return PartKinds.File;
            case ItemType.InputAudio:
                needs.Add(Capabilities.Audio, at, "input_audio");
                json.Skip();
                return PartKinds.Audio;
            default:
                needs.AddType(Capabilities.SameWireFields, at, json);
                json.Skip();
                return PartKinds.Unknown;
        }
    }

    /// <summary>False when it is empty.</summary>
    private static bool Text(ref Utf8JsonReader json, in At at, string member, ref Needs needs)
    {
        bool hasText = false, isEmpty = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            if (name == "type") continue;
            if (name == member)
            {
                JsonValue.String(ref json, at, name);
                (hasText, isEmpty) = (true, json.ValueSpan.IsEmpty);
            }
            else if (name == "parsed") json.Skip(); // OpenAI's JavaScript client leaves its own reading of the text in what it hands back.
            else if (name is "annotations" or "logprobs") Empty(ref json, at, name, ref needs);
            else UnknownMember.Skip(ref json, at, name, ref needs);
        }

        return hasText ? !isEmpty : throw RequestFault.Missing(at.Of(member));
    }

    // Lists that stand beside every text of an answer; what is in them only OpenAI's own models put there.
    private static void Empty(ref Utf8JsonReader json, in At at, string name, ref Needs needs)
    {
        if (!JsonValue.TryBeginArray(ref json, at, name)) return;
        var ahead = json;
        if (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray) needs.Add(Capabilities.SameWireFields, at, name);
        json.Skip();
    }

    private static void Image(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        var hasImage = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": break;
                case "image_url":
                    if (json.TokenType == JsonTokenType.Null) break;
                    PartScan.Url(ref json, at, name, ref needs);
                    hasImage = true;
                    break;
                case "file_id": hasImage |= FileId(ref json, at, ref needs); break;
                case "detail":
                    // "auto" leaves it to the provider, as saying nothing does.
                    if (JsonValue.Text(ref json, at, name) && !json.ValueTextEquals("auto"u8)) needs.Add(Capabilities.ImageDetail, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasImage) throw RequestFault.Missing(at.Of("image_url"));
    }

    private static void File(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        var hasFile = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": break;
                case "file_data":
                    if (!JsonValue.Text(ref json, at, name)) break;
                    FileScan.Data(ref json, at, ref needs);
                    hasFile = true;
                    break;
                case "file_id": hasFile |= FileId(ref json, at, ref needs); break;
                case "file_url":
                    // Nothing here fetches it, but the provider will, from wherever it stands.
                    if (!JsonValue.Text(ref json, at, name)) break;
                    if (!json.GetString()!.StartsWith("https://", StringComparison.Ordinal)) throw RequestFault.Value(at.Of(name), "must begin with https://.");
                    needs.Add(Capabilities.SameWireFields, at, name);
                    hasFile = true;
                    break;
                case "filename": JsonValue.Text(ref json, at, name, LongestName); break;
                case "detail":
                    if (JsonValue.Text(ref json, at, name) && !json.ValueTextEquals("auto"u8)) needs.Add(Capabilities.SameWireFields, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasFile) throw RequestFault.Missing(at.Of("file_data"));
    }

    private static bool FileId(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        if (!JsonValue.Text(ref json, at, "file_id", LongestName)) return false;
        needs.Add(Capabilities.SameWireFields, at, "file_id");
        return true;
    }
}
