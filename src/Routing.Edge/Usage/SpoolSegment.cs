using System.Buffers.Binary;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace Routing.Edge.Usage;

/// <summary>
/// One preallocated, memory-mapped file of records. Its pages belong to the kernel, so what is written survives <c>kill -9</c>.
/// Head of 64 bytes: mark, version, sequence, and how far the records have been acknowledged. A file is used again under its next
/// sequence: its pages are there already, in the kernel and in the map.
/// </summary>
internal sealed unsafe class SpoolSegment : IDisposable
{
    public const int HeadBytes = 64;
    private const int AcknowledgedAt = 24;
    private static ReadOnlySpan<byte> FileMark => "RUSPOOL2"u8;

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _base;
    private long _reserved;
    private long _end = -1;
    private long _written; // Records in the high half, their bytes in the low half.
    private long _flushed;
    private bool _disposed;

    private SpoolSegment(FileStream file, long sequence, int bytes)
    {
        _file = file;
        Sequence = sequence;
        Bytes = bytes;
        _map = MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, bytes);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _base);
        _reserved = HeadBytes;
    }

    public long Sequence { get; private set; }
    public int Bytes { get; }

    /// <summary>Found on disk at start: its writer is gone, so a hole in it will never be filled.</summary>
    public bool IsRecovered { get; private init; }

    /// <summary>Records up to here are acknowledged; kept in the file, so that a restart ships the rest only.</summary>
    public int Acknowledged
    {
        get => BinaryPrimitives.ReadInt32LittleEndian(Span(AcknowledgedAt, 4));
        set => BinaryPrimitives.WriteInt32LittleEndian(Span(AcknowledgedAt, 4), value);
    }

    public long AcknowledgedRecords { get; set; }

    /// <summary>Whole records in it.</summary>
    public long Appended => Interlocked.Read(ref _written) >> 32;

    /// <summary>End of its records, -1 while it still takes some.</summary>
    public int End => (int)Interlocked.Read(ref _end);

    /// <summary>Takes no more records, and nobody is still writing one: it may go.</summary>
    public bool IsSettled => IsRecovered || (End >= 0 && HeadBytes + (Interlocked.Read(ref _written) & uint.MaxValue) == End);

    /// <summary>Nothing was appended since it was created or used again.</summary>
    public bool IsEmpty => Interlocked.Read(ref _reserved) == HeadBytes;

    /// <summary>Found no room for a record since it was created or used again.</summary>
    public bool IsFull => Interlocked.Read(ref _reserved) > Bytes;

    public static string FileName(long sequence) => sequence.ToString("D16", CultureInfo.InvariantCulture) + ".spool";

    /// <exception cref="IOException">No room: every byte is written now, so that a full disk is this exception and never a bus fault later.</exception>
    public static SpoolSegment Create(string folder, long sequence, int bytes)
    {
        var path = Path.Combine(folder, FileName(sequence));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            var zeros = new byte[64 * 1024];
            for (var written = 0; written < bytes; written += zeros.Length) file.Write(zeros, 0, Math.Min(zeros.Length, bytes - written));
            var segment = new SpoolSegment(file, sequence, bytes);
            FileMark.CopyTo(segment.Span(0, 8));
            segment.Begin(sequence);
            return segment;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Begins anew under a later sequence, when everything in it was read or given up.</summary>
    public void Begin(long sequence)
    {
        Sequence = sequence;
        BinaryPrimitives.WriteInt64LittleEndian(Span(8, 8), sequence);
        Acknowledged = HeadBytes;
        AcknowledgedRecords = 0;
        Interlocked.Exchange(ref _end, -1);
        Interlocked.Exchange(ref _written, 0);
        _flushed = 0;

        // Last: until now an appender that came late finds it full; from here on it may write.
        Interlocked.Exchange(ref _reserved, HeadBytes);
    }

    /// <summary>Opens what an earlier process left; null when it is no segment.</summary>
    public static SpoolSegment? Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var head = new byte[HeadBytes];
        if (file.Length is < HeadBytes or > int.MaxValue || file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes
            || !head.AsSpan(0, 8).SequenceEqual(FileMark))
        {
            file.Dispose();
            return null;
        }

        var segment = new SpoolSegment(file, BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8)), (int)file.Length) { IsRecovered = true };
        segment._end = segment.Bytes;
        if (segment.Acknowledged < HeadBytes || segment.Acknowledged > segment.Bytes) segment.Acknowledged = HeadBytes;
        segment.CountRecords();
        return segment;
    }

    /// <summary>Writes a record. False: no room; <paramref name="filled"/> tells exactly one caller that it was the first to find out.</summary>
    public bool TryAppend(ReadOnlySpan<byte> payload, out bool filled)
    {
        var size = SpoolRecord.SizeOf(payload.Length);
        var end = Interlocked.Add(ref _reserved, size);
        var start = end - size;
        filled = end > Bytes && start <= Bytes;
        if (end > Bytes)
        {
            if (filled) Interlocked.Exchange(ref _end, start);
            return false;
        }

        SpoolRecord.Write(Span((int)start, size), payload, Sequence);
        Interlocked.Add(ref _written, (1L << 32) + size);
        return true;
    }

    /// <summary>
    /// The record at or after a place. Returns where the next one begins; -1 when there is none (yet).
    /// While its writer lives, a place without a record is one being written: wait. Afterwards it is a hole: step over it.
    /// </summary>
    public int Read(int at, out ReadOnlySpan<byte> payload)
    {
        var end = End;
        var limit = end < 0 ? (int)Math.Min(Interlocked.Read(ref _reserved), Bytes) : end;
        while (at + SpoolRecord.HeadBytes <= limit)
        {
            if (SpoolRecord.TryRead(Span(at, limit - at), Sequence, out payload)) return at + SpoolRecord.SizeOf(payload.Length);
            if (!IsRecovered) break;
            at += 8;
        }

        payload = default;
        return -1;
    }

    /// <summary>All its records are read: nothing can come any more.</summary>
    public bool IsExhausted(int at) => End >= 0 && Read(at, out _) < 0 && (IsRecovered || at >= End);

    /// <summary>Writes changed pages to the disk; nothing when nothing was appended since.</summary>
    public void FlushIfDirty()
    {
        var now = Appended + AcknowledgedRecords;
        if (now == _flushed) return;
        _view.Flush();
        _flushed = now;
    }

    /// <summary>Takes no more records from here on. False while somebody is still writing one: then it must stay mapped.</summary>
    public bool TryClose()
    {
        var reserved = Interlocked.Exchange(ref _reserved, Bytes + 1L);
        return IsRecovered || IsSettled || HeadBytes + (Interlocked.Read(ref _written) & uint.MaxValue) == reserved;
    }

    /// <summary>Closes and removes the file.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private void CountRecords()
    {
        for (var at = Acknowledged; (at = Read(at, out _)) >= 0;) _written += 1L << 32;
    }

    private Span<byte> Span(int at, int length) => new(_base + at, length);
}
