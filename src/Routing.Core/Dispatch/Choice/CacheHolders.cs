namespace Routing.Core.Dispatch.Choice;

/// <summary>
/// Which candidate holds the prompt cache of which key: the one that answered it last, unless two of its answers in a row have read none. One word a
/// key in a table that does not grow: keys that meet in a place push each other out, which costs one of them its cache, and nothing else.
/// </summary>
internal sealed class CacheHolders
{
    private const int Slots = 4096;

    // Providers keep a prompt for about as long.
    private const int IdleSeconds = 5 * 60;
    private const uint TimeMask = 0x3FFFFF;

    private enum State : byte
    {
        /// <summary>One answer has read nothing: the first, for which there was nothing to be read, or one among others that did.</summary>
        Cold = 1,
        Reads,
        Misses,
    }

    // From the top: 24 bits of the key, 16 of the candidate, 2 of the state, 22 of the second.
    private readonly ulong[] _slots = new ulong[Slots];

    /// <summary>False when nobody is known to hold it.</summary>
    /// <param name="holder">Lower half of the candidate's salt.</param>
    public bool TryFind(ulong key, DateTimeOffset at, out ushort holder)
    {
        var slot = Read(key, at);
        holder = HolderOf(slot);
        return slot != 0 && StateOf(slot) != State.Misses;
    }

    public void Answered(ulong key, ushort candidate, bool readCache, DateTimeOffset at)
    {
        var slot = Read(key, at);
        var state = readCache ? State.Reads
            : slot == 0 ? State.Cold
            : StateOf(slot) == State.Misses ? State.Misses
            : HolderOf(slot) == candidate && StateOf(slot) == State.Cold ? State.Misses : State.Cold; // Somebody else's cache was cold.
        Volatile.Write(ref _slots[key % Slots], (key >> 40 << 40) | ((ulong)candidate << 24) | ((ulong)state << 22) | Second(at));
    }

    /// <summary>0 when the place holds another key, or has been idle for too long.</summary>
    private ulong Read(ulong key, DateTimeOffset at)
    {
        var slot = Volatile.Read(ref _slots[key % Slots]);
        if (slot == 0 || slot >> 40 != key >> 40) return 0;
        var idle = (Second(at) - (uint)slot) & TimeMask;

        // An answer that began before the one noted makes it look as if from the far past.
        return idle <= IdleSeconds || idle > TimeMask - IdleSeconds ? slot : 0;
    }

    private static uint Second(DateTimeOffset at) => (uint)at.ToUnixTimeSeconds() & TimeMask;

    private static ushort HolderOf(ulong slot) => (ushort)(slot >> 24);

    private static State StateOf(ulong slot) => (State)((slot >> 22) & 3);
}
