using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Routing.Core.Llm;

namespace Routing.Core.Tests.Providers;

/// <summary>The parts of an answer that are no plain text, with neighbouring pieces of one part joined.</summary>
internal sealed class PartList
{
    private readonly List<(string Head, List<byte> Utf8)> _parts = [];

    public void Take(in ChatEvent e)
    {
        switch (e.Kind)
        {
            case ChatEventKind.ReasoningDelta: Join("thinking:", e.Utf8.Span); break;
            case ChatEventKind.ReasoningSignature: Join("signature:", e.Utf8.Span); break;
            case ChatEventKind.RedactedReasoning: _parts.Add(("redacted:", [.. e.Utf8.Span])); break;
            case ChatEventKind.ToolCallStart: _parts.Add(($"call {e.Index} {e.Id} {e.Name}:", [])); break;
            case ChatEventKind.ToolCallDelta:
                // Pieces of several calls may come in turns; each belongs to the call of its index.
                var index = $"call {e.Index} ";
                var call = _parts.FindIndex(p => p.Head.StartsWith(index, StringComparison.Ordinal));
                Assert.True(call >= 0, "Arguments before their call.");
                _parts[call].Utf8.AddRange(e.Utf8.Span);
                break;
            case ChatEventKind.Embedding:
                var floats = MemoryMarshal.Cast<byte, float>(e.Utf8.Span).ToArray().Select(f => f.ToString(CultureInfo.InvariantCulture));
                _parts.Add(($"vector {e.Index}:", [.. Encoding.UTF8.GetBytes(string.Join(' ', floats))]));
                break;
            case ChatEventKind.TextDelta: _parts.Add(("", [])); break; // Text between two parts keeps them apart.
        }
    }

    public override string ToString() =>
        string.Join('\n', _parts.Where(p => p.Head.Length > 0).Select(p => p.Head + Encoding.UTF8.GetString([.. p.Utf8])));

    private void Join(string head, ReadOnlySpan<byte> utf8)
    {
        if (_parts.Count == 0 || _parts[^1].Head != head) _parts.Add((head, []));
        _parts[^1].Utf8.AddRange(utf8);
    }
}
