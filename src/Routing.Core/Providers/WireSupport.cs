using System.Collections.Immutable;
using Routing.Core.Llm;

namespace Routing.Core.Providers;

/// <summary>What an adapter makes of the needs of calls that come in by one API.</summary>
/// <param name="Carries">Needs it can meet, to the letter or nearly; a call that needs anything else goes to another candidate.</param>
/// <param name="Approximations">Those of <paramref name="Carries"/> that it meets only nearly, with what the caller is told.</param>
public sealed record WireSupport(Capabilities Carries, ImmutableArray<Approximation> Approximations)
{
    /// <summary>Calls of this API cannot be sent.</summary>
    public static readonly WireSupport None = new(Capabilities.None, []);

    public static WireSupport Of(Capabilities carries, params ImmutableArray<Approximation> approximations) => new(carries, approximations);
}

/// <param name="Need">One capability.</param>
/// <param name="Warning">For <c>x-route-warnings</c>: field and what became of it, printable ASCII without commas; for example <c>temperature lowered to 1</c>.</param>
public readonly record struct Approximation(Capabilities Need, string Warning)
{
    /// <summary>Whether it happens depends on more than the need: only <see cref="IProviderAdapter.Warnings"/> says of a call that it did.</summary>
    public bool IsOfValue { get; init; }

    public static Approximation OfValue(Capabilities need, string warning) => new(need, warning) { IsOfValue = true };
}
