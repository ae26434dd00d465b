using System.Text;
using System.Text.Json;
using Routing.Core.Llm;
using Routing.Edge.Json;

namespace Routing.Edge.OpenAI;

/// <summary>Checks <c>file</c> of a part: a document inside the request, or the id of one that a provider keeps.</summary>
internal static class FileScan
{
    private const int LongestName = 1024;

    public static void Read(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        JsonValue.BeginObject(ref json, at);
        var hasFile = false;
        var seen = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = seen.Take(ref json, at);
            json.Read();
            switch (name)
            {
                case "file_data":
                    if (!JsonValue.Text(ref json, at, name)) break;
                    Data(ref json, at, ref needs);
                    hasFile = true;
                    break;
                case "file_id":
                    if (!JsonValue.Text(ref json, at, name, LongestName)) break;
                    needs.Add(Capabilities.SameWireFields, at, name);
                    hasFile = true;
                    break;
                case "filename": JsonValue.Text(ref json, at, name, LongestName); break;
                default: UnknownMember.Skip(ref json, at, name, ref needs); break;
            }
        }

        if (!hasFile) throw RequestFault.Missing(at.Of("file_data"));
    }

    /// <summary>A document. What is neither PDF nor plain text only the caller's own wire may know.</summary>
    public static void Data(ref Utf8JsonReader json, in At at, ref Needs needs)
    {
        var url = json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan; // A string has a value.
        needs.Add(Capabilities.Documents, at, "file_data");
        if (!DataUrl.CheckAny(url, at, "file_data", "application/pdf", "text/plain")) needs.Add(Capabilities.SameWireFields, at, "file_data", "neither PDF nor plain text");
    }
}
