using System.Collections.Immutable;
using System.Text;

namespace Routing.Core.Llm;

/// <summary>One piece of a message. Closed set: adapters switch over it.</summary>
public abstract record ContentPart
{
    /// <summary>The provider should cache the prompt up to and with this piece.</summary>
    public CacheMark? Cache { get; init; }
}

/// <param name="Ttl">As Anthropic writes it, <c>5m</c> or <c>1h</c>; null is the provider's own.</param>
public sealed record CacheMark(string? Ttl);

public sealed record TextPart(string Text) : ContentPart;

/// <param name="MediaType">For example <c>image/png</c>; empty with an address.</param>
/// <param name="Base64">The image; empty with an address.</param>
/// <param name="Url">An https address that the provider fetches; null when the image is inside.</param>
/// <param name="Detail">OpenAI's <c>low</c>, <c>high</c> or <c>auto</c>; null when not said.</param>
public sealed record ImagePart(string MediaType, string Base64, string? Url = null, string? Detail = null) : ContentPart;

/// <param name="MediaType"><c>application/pdf</c> or <c>text/plain</c>.</param>
public sealed record DocumentPart(string MediaType, string Base64, string Name) : ContentPart
{
    public bool IsText => MediaType == "text/plain";

    /// <summary>Of a text: what it says, under its name.</summary>
    public string ReadText()
    {
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(Base64));
        return Name.Length > 0 ? $"{Name}\n\n{text}" : text;
    }
}

/// <summary>A tool call in the assistant's turn.</summary>
/// <param name="Arguments">A JSON object, as the model wrote it.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : ContentPart;

/// <summary>What a tool gave back, in the turn after the call.</summary>
/// <param name="Name">The tool's name, looked up from the call: one wire wants it and no caller sends it.</param>
/// <param name="Content">Texts, images and documents.</param>
public sealed record ToolResultPart(string CallId, string Name, ImmutableArray<ContentPart> Content, bool IsError) : ContentPart
{
    /// <summary>Whether there is a document that is no text, for which most wires have no place here.</summary>
    public bool HasFile
    {
        get
        {
            foreach (var part in Content)
            {
                if (part is DocumentPart { IsText: false }) return true;
            }

            return false;
        }
    }
}

/// <summary>Earlier reasoning of the assistant, handed back. Providers check the signature, so it is never changed.</summary>
/// <param name="Signature">Empty where the provider gave none.</param>
public sealed record ReasoningPart(string Text, string Signature) : ContentPart;

/// <summary>Earlier reasoning that only its provider can read.</summary>
public sealed record RedactedReasoningPart(string Data) : ContentPart;
