using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

[Flags]
internal enum PartKinds : byte { None = 0, Text = 1, Refusal = 2, Image = 4, File = 8, Audio = 16, Unknown = 32, EmptyText = 64 }

/// <summary>Checks one part of a message's content.</summary>
internal static class PartScan
{
    public static PartKinds Read(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        var (kind, found, isEmpty) = (PartKinds.None, PartKinds.None, false);
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "type": kind = Kind(ref json, at, ref needs); break;
                case "text":
                    found |= JsonValue.Text(ref json, at, name) ? PartKinds.Text : PartKinds.None;
                    isEmpty = json.ValueSpan.IsEmpty;
                    break;
                case "refusal": found |= JsonValue.Text(ref json, at, name) ? PartKinds.Refusal : PartKinds.None; break;
                case "image_url":
                    Image(ref json, at.In(name), ref needs);
                    found |= PartKinds.Image;
                    break;
                case "file":
                    FileScan.Read(ref json, at.In(name), ref needs);
                    found |= PartKinds.File;
                    break;
                case "input_audio":
                    JsonValue.BeginObject(ref json, at, name);
                    json.Skip();
                    needs.Add(Capabilities.Audio, at, name);
                    found |= PartKinds.Audio;
                    break;
                case "cache_control": CacheControlScan.Read(ref json, at, ref needs); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (kind == PartKinds.None) throw RequestFault.Missing(at.Of("type"));
        if (kind != PartKinds.Unknown && (found & kind) == PartKinds.None) throw RequestFault.Missing(at.Of(Member(kind)));
        return kind == PartKinds.Text && isEmpty ? PartKinds.EmptyText : kind;
    }

    private static PartKinds Kind(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.String(ref json, at, "type");
        if (json.ValueTextEquals("text"u8)) return PartKinds.Text;
        if (json.ValueTextEquals("image_url"u8)) return PartKinds.Image;
        if (json.ValueTextEquals("file"u8)) return PartKinds.File;
        if (json.ValueTextEquals("refusal"u8)) return PartKinds.Refusal;
        if (json.ValueTextEquals("input_audio"u8)) return PartKinds.Audio;
        needs.AddValue(Capabilities.SameWireFields, at, "type", ref json);
        return PartKinds.Unknown;
    }

    private static string Member(PartKinds kind) => kind switch
    {
        PartKinds.Image => "image_url",
        PartKinds.File => "file",
        PartKinds.Refusal => "refusal",
        PartKinds.Audio => "input_audio",
        _ => "text",
    };

    private static void Image(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        var hasUrl = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "url":
                    Url(ref json, at, name, ref needs);
                    hasUrl = true;
                    break;
                case "detail":
                    // "auto" leaves it to the provider, as saying nothing does.
                    if (JsonValue.Text(ref json, at, name) && !json.ValueTextEquals("auto"u8)) needs.Add(Capabilities.ImageDetail, at, name);
                    break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasUrl) throw RequestFault.Missing(at.Of("url"));
    }

    // Nothing here fetches it, but the provider will: no caller may make somebody's server read files or plain-http neighbours.
    public static void Url(ref Utf8JsonReader json, in At at, string member, ref Needs needs)
    {
        JsonValue.String(ref json, at, member);
        var url = json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan; // A string has a value.
        if (url.StartsWith("https://"u8))
        {
            needs.Add(Capabilities.Vision | Capabilities.ImageUrls, at, member);
            return;
        }

        if (!url.StartsWith("data:"u8)) throw RequestFault.Value(at.Of(member), "must begin with https:// or data:.");
        DataUrl.Check(url, at, member, "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp");
        needs.Add(Capabilities.Vision, at, member);
    }
}
