using System.Collections.Immutable;
using Routing.Core.Credentials;

namespace Routing.Identity;

/// <summary>One fact that a step brought to light, for people. Never a token.</summary>
public sealed record ChainFact(string Name, string Value);

/// <summary>One step of obtaining a credential that went well.</summary>
public sealed record ChainStep(CredentialStep Step, string What, ImmutableArray<ChainFact> Facts);

/// <summary>Takes down the steps of one exchange while it runs; null where nobody reads them.</summary>
internal sealed class ChainLog
{
    private readonly List<ChainStep> _steps = [];

    public ImmutableArray<ChainStep> Steps => [.. _steps];

    public void Done(CredentialStep step, string what, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var all = ImmutableArray.CreateBuilder<ChainFact>(facts.Length);
        foreach (var (name, value) in facts) all.Add(new ChainFact(name, value));
        _steps.Add(new ChainStep(step, what, all.MoveToImmutable()));
    }
}
