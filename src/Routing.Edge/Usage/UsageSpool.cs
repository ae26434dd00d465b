using Routing.Core.Usage;

namespace Routing.Edge.Usage;

/// <summary>
/// The ledger's way to disk. <see cref="Append"/> makes no syscall, takes no lock and wakes nobody; it is called before the last byte of
/// an answer is released. One thread of its own flushes every 50 ms (what a power cut may take), prepares the next segment (one that is
/// done with is used again) and drops the oldest beyond the cap. Records stay until they are acknowledged; a repeat is harmless, every event has an id.
/// </summary>
internal sealed partial class UsageSpool : IDisposable
{
    private const int DefaultBeatMilliseconds = 50;

    // Some fifty thousand requests; at the highest rate of one edge a segment lasts some seconds, and preparing one takes about 10 ms.
    private const int DefaultSegmentBytes = 8 * 1024 * 1024;

    // One to be written and one to come.
    private const int MostFree = 2;

    // After a full disk, how many beats to wait before asking it again.
    private const int RetryBeats = 20;

    [ThreadStatic]
    private static EventBytes? t_bytes;

    private readonly ILogger<UsageSpool> _log;
    private readonly string _folder;
    private readonly int _segmentBytes;
    private readonly int _beatMilliseconds;
    private readonly long _maxSegments;
    private readonly Lock _lock = new();
    private readonly List<SpoolSegment> _segments = [];
    private readonly Stack<SpoolSegment> _free = new(); // Done with, to be used again.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly Thread _keeper;
    private SpoolSegment? _current;
    private SpoolSegment? _spare;
    private long _sequence;
    private long _dropped;
    private long _acknowledged;
    private long _appended;
    private int _beatsToWait;
    private bool _outOfRoom;

    /// <param name="beatMilliseconds">Between two beats of the keeper; <see cref="Timeout.Infinite"/>: only <see cref="Beat"/> does its work.</param>
    public UsageSpool(string folder, long maxBytes, ILogger<UsageSpool> log, int segmentBytes = DefaultSegmentBytes, int beatMilliseconds = DefaultBeatMilliseconds)
    {
        _folder = folder;
        _segmentBytes = segmentBytes;
        _beatMilliseconds = beatMilliseconds;
        _maxSegments = Math.Max(2, maxBytes / segmentBytes);
        _log = log;
        Directory.CreateDirectory(folder);
        Recover();
        PrepareNext();
        _keeper = new Thread(Keep) { IsBackground = true, Name = "usage spool" };
        _keeper.Start();
    }

    /// <summary>Events that found no room, on disk or below the cap. Exact.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events written and not yet acknowledged.</summary>
    public long Pending => Math.Max(0, Interlocked.Read(ref _appended) - Interlocked.Read(ref _acknowledged));

    /// <summary>Why no segment could be made, while none can.</summary>
    public bool IsOutOfRoom => Volatile.Read(ref _outOfRoom);

    /// <summary>Keeps an event. False: there is no room, it is dropped and counted; the request goes on.</summary>
    public bool Append(UsageEvent usage)
    {
        var bytes = t_bytes ??= new EventBytes();
        bytes.Clear();
        SpooledEvent.Write(usage, bytes);
        return AppendBytes(bytes.Written);
    }

    internal bool AppendBytes(ReadOnlySpan<byte> payload)
    {
        while (Volatile.Read(ref _current) is { } segment && payload.Length <= _segmentBytes / 4)
        {
            if (segment.TryAppend(payload, out var filled))
            {
                Interlocked.Increment(ref _appended);
                return true;
            }

            // Exactly one thread finds the segment full; the others wait for its pointer swap, not for a disk.
            if (filled) Volatile.Write(ref _current, Interlocked.Exchange(ref _spare, null));
            else SpinWhileFull(segment);
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Copies up to <paramref name="max"/> payloads, oldest first, without removing them.</summary>
    public SpoolBatch Take(int max, int maxBytes)
    {
        var batch = new SpoolBatch();
        lock (_lock)
        {
            foreach (var segment in _segments)
            {
                var at = segment.Acknowledged;
                var records = 0;
                while (batch.Count < max && batch.Bytes < maxBytes && segment.Read(at, out var payload) is var next and >= 0)
                {
                    batch.Add(payload);
                    at = next;
                    records++;
                }

                batch.Mark(segment.Sequence, at, records);
                if (!segment.IsExhausted(at) && !segment.IsEmpty) break; // A spare may stand before the segment in use.
            }
        }

        return batch;
    }

    /// <summary>Removes what a batch held; segments without anything left are used again or deleted.</summary>
    public void Acknowledge(SpoolBatch batch)
    {
        lock (_lock)
        {
            foreach (var (sequence, at, records) in batch.Marks)
            {
                if (_segments.Find(s => s.Sequence == sequence) is not { } segment)
                {
                    // The cap took it while it was under way: shipped after all.
                    Interlocked.Add(ref _dropped, -records);
                    continue;
                }

                segment.Acknowledged = at;
                segment.AcknowledgedRecords += records;
                Interlocked.Add(ref _acknowledged, records);
                if (segment.IsExhausted(at)) Remove_NeedsLock(segment);
            }
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _keeper.Join();
        _stop.Dispose();
        Volatile.Write(ref _current, null);
        Volatile.Write(ref _spare, null);
        lock (_lock)
        {
            // A request that outlives the drain may still be writing: unmapping under it would take the process down.
            foreach (var segment in _segments) if (segment.TryClose()) segment.Dispose();
            _segments.Clear();
            foreach (var segment in _free) segment.Delete();
            _free.Clear();
        }
    }

    private void SpinWhileFull(SpoolSegment segment)
    {
        var spin = new SpinWait();
        while (segment.IsFull && ReferenceEquals(Volatile.Read(ref _current), segment)) spin.SpinOnce();
    }

    private void Recover()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*.spool"))
        {
            if (SpoolSegment.Open(path) is not { } segment)
            {
                NotASegment(_log, Path.GetFileName(path));
                File.Delete(path);
                continue;
            }

            _sequence = Math.Max(_sequence, segment.Sequence);
            if (segment.IsExhausted(segment.Acknowledged))
            {
                segment.Delete();
                continue;
            }

            _segments.Add(segment);
            _appended += segment.Appended;
        }

        _segments.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        if (_appended > 0) Recovered(_log, _appended);
    }

    /// <summary>What the keeper does each time.</summary>
    internal void Beat()
    {
        try
        {
            Flush();
            PrepareNext();
            DropBeyondCap();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            KeeperFailed(_log, e);
        }
    }

    private void Keep()
    {
        while (!_stop.Wait(_beatMilliseconds)) Beat();
        Flush();
    }

    private void Flush()
    {
        lock (_lock)
        {
            foreach (var segment in _segments) if (!segment.IsRecovered) segment.FlushIfDirty();
        }
    }

    /// <summary>Keeps a spare ready, and gives it to appenders that have none.</summary>
    private void PrepareNext()
    {
        if (_beatsToWait > 0 && --_beatsToWait > 0) return;
        while (Volatile.Read(ref _current) is null || Volatile.Read(ref _spare) is null)
        {
            try
            {
                var segment = NextSegment();
                if (Interlocked.CompareExchange(ref _current, segment, null) is not null) Volatile.Write(ref _spare, segment);
                if (_outOfRoom) RoomAgain(_log, Dropped);
                Volatile.Write(ref _outOfRoom, false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_outOfRoom) NoRoom(_log, e.Message);
                Volatile.Write(ref _outOfRoom, true);
                _beatsToWait = RetryBeats;
                return;
            }
        }
    }

    private SpoolSegment NextSegment()
    {
        lock (_lock)
        {
            if (_free.Count == 0 && _segments.Count >= _maxSegments) TryDropOldest_NeedsLock();
            if (_free.TryPop(out var used))
            {
                used.Begin(++_sequence);
                _segments.Add(used);
                return used;
            }
        }

        var segment = SpoolSegment.Create(_folder, ++_sequence, _segmentBytes); // Writes the whole file: nobody waits for it.
        lock (_lock) _segments.Add(segment);
        return segment;
    }

    private void DropBeyondCap()
    {
        lock (_lock)
        {
            var dropped = true;
            while (dropped && _segments.Count > _maxSegments) dropped = TryDropOldest_NeedsLock();
        }
    }

    /// <summary>False while a record is still being written into it.</summary>
    private bool TryDropOldest_NeedsLock()
    {
        var oldest = _segments[0];
        if (!oldest.IsSettled) return false;
        var lost = oldest.Appended - oldest.AcknowledgedRecords;
        Interlocked.Add(ref _dropped, lost);
        Interlocked.Add(ref _acknowledged, lost);
        Remove_NeedsLock(oldest);
        DroppedOldest(_log, lost, Dropped);
        return true;
    }

    private void Remove_NeedsLock(SpoolSegment segment)
    {
        _segments.Remove(segment);
        if (_free.Count < MostFree && !segment.IsRecovered) _free.Push(segment);
        else segment.Delete();
    }

    [LoggerMessage(LogLevel.Information, "The spool holds {Events} usage events of an earlier run; they are shipped now.")]
    private static partial void Recovered(ILogger log, long events);

    [LoggerMessage(LogLevel.Warning, "{File} in the spool folder is not a segment of the spool; it is deleted.")]
    private static partial void NotASegment(ILogger log, string file);

    [LoggerMessage(LogLevel.Error, "The spool cannot make its next segment: {Reason} Requests are still served; once the last segment is full their usage events are dropped and counted.")]
    private static partial void NoRoom(ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "The spool has room again; {Dropped} usage events were dropped since the start.")]
    private static partial void RoomAgain(ILogger log, long dropped);

    [LoggerMessage(LogLevel.Error, "The spool is at its cap; the oldest {Lost} usage events were dropped, {Dropped} since the start.")]
    private static partial void DroppedOldest(ILogger log, long lost, long dropped);

    [LoggerMessage(LogLevel.Error, "The spool could not flush; it goes on trying.")]
    private static partial void KeeperFailed(ILogger log, Exception exception);
}
