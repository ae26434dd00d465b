using Routing.Core.Llm;

namespace Routing.Edge.Json;

/// <summary>What a request needs of a model; when recording, also the first field that asked for each need; and what of it is not for every provider.</summary>
internal struct Needs
{
    private Dictionary<Capabilities, string>? _fields;

    public Capabilities All { get; private set; }

    public Rewrites Rewrites { get; private set; }

    /// <summary>In the order of the document. Only when recording.</summary>
    public readonly IReadOnlyDictionary<Capabilities, string> Fields => _fields ?? throw new InvalidOperationException("Nothing was recorded.");

    public static Needs Recording() => new() { _fields = [] };

    public void Add(Capabilities needs, in At at, string member = "")
    {
        if (_fields is not null) Record(needs & ~All, at, member);
        All |= needs;
    }

    public void Add(Rewrites rewrites) => Rewrites |= rewrites;

    private readonly void Record(Capabilities needs, in At at, string member)
    {
        for (var left = (ulong)needs; left != 0; left &= left - 1) _fields![(Capabilities)(left & (~left + 1))] = at.Of(member); // Checked by the caller.
    }
}
