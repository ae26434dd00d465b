namespace Routing.Core.Tables;

/// <summary>The one mutable cell of the edge. A request reads it once, at the endpoint, and passes on what it needs.</summary>
public sealed class CurrentTable
{
    private RoutingTable? _table;

    /// <summary>Null until the first table is loaded.</summary>
    public RoutingTable? Value => Volatile.Read(ref _table);

    /// <summary>Swaps the whole table. Within an epoch neither version may go back, whatever order pushes arrive in.</summary>
    public bool TrySwap(RoutingTable next)
    {
        while (true)
        {
            var current = Volatile.Read(ref _table);
            if (current is not null && !Follows(current, next)) return false;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _table, next, current), current)) return true;
        }
    }

    private static bool Follows(RoutingTable current, RoutingTable next) =>
        next.Epoch != current.Epoch || (next.Revision >= current.Revision && next.Overlay >= current.Overlay);
}
