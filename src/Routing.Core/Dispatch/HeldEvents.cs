using System.Buffers;
using Routing.Core.Llm;

namespace Routing.Core.Dispatch;

/// <summary>
/// Events that wait for the commit point: a role chunk, or a whole answer. Their bytes are copied into blocks of the shared pool, for a
/// reader's own are valid only until its next call.
/// </summary>
internal sealed class HeldEvents : IDisposable
{
    private const int SmallestBlockBytes = 4 * 1024;
    private const int LargestBlockBytes = 64 * 1024;

    // Bytes of the caller's wire that came in many pieces are kept as fewer: an event takes more room than a chunk of one word.
    private const int JoinedBytes = 16 * 1024;
    private const int EventBytes = 128;

    private readonly List<byte[]> _blocks = new(1);
    private int _used; // Of the last block.
    private int _taken;

    /// <summary>In their order; valid until this is disposed.</summary>
    public List<ChatEvent> All { get; } = new(4);

    /// <summary>What is held takes, about.</summary>
    public int Bytes { get; private set; }

    public void Add(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            Bytes += e.Utf8.Length;
            if (TryJoin(e)) continue;
            Bytes += EventBytes;
            All.Add(e.Utf8.IsEmpty ? e : e with { Utf8 = Copy(e.Utf8.Span) });
        }
    }

    /// <summary>Moves the next ones over, until they have about as many bytes as are sent at once. False when none are left.</summary>
    public bool TryTake(List<ChatEvent> to, int enoughBytes, out int bytes)
    {
        bytes = 0;
        var before = _taken;
        while (_taken < All.Count && bytes < enoughBytes)
        {
            var e = All[_taken++];
            bytes += e.Utf8.Length;
            to.Add(e);
        }

        return _taken > before;
    }

    public void Dispose()
    {
        foreach (var block in _blocks) ArrayPool<byte>.Shared.Return(block);
        _blocks.Clear();
        All.Clear();
    }

    // The bytes of the last event that has any end where the next ones go.
    private bool TryJoin(in ChatEvent e)
    {
        if (e.Kind != ChatEventKind.Raw || All is not [.., { Kind: ChatEventKind.Raw } last]) return false;
        var (length, block) = (last.Utf8.Length + e.Utf8.Length, _blocks[^1]);
        if (length > JoinedBytes || e.Utf8.Length > block.Length - _used) return false;
        e.Utf8.Span.CopyTo(block.AsSpan(_used));
        _used += e.Utf8.Length;
        All[^1] = last with { Utf8 = block.AsMemory(_used - length, length), HasContent = last.HasContent || e.HasContent };
        return true;
    }

    private ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (_blocks.Count == 0 || bytes.Length > _blocks[^1].Length - _used)
        {
            // As large as all before it, so that a role chunk takes little and a long answer few blocks.
            _blocks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, Math.Clamp(Bytes, SmallestBlockBytes, LargestBlockBytes))));
            _used = 0;
        }

        var copy = _blocks[^1].AsMemory(_used, bytes.Length);
        bytes.CopyTo(copy.Span);
        _used += bytes.Length;
        return copy;
    }
}
