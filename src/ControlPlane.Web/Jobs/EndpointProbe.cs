using System.Collections.Immutable;
using ControlPlane.Web.Data;
using ControlPlane.Web.Secrets;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Usage;
using Routing.Identity;

namespace ControlPlane.Web.Jobs;

/// <summary>
/// Calls model endpoints the way an edge does, one candidate each, with health of its own that is thrown away: what is measured is the
/// provider, and nothing here can open a breaker.
/// </summary>
internal sealed class EndpointProbe : IDisposable
{
    // Providers bill by the token: a word in, a word out.
    private const string Prompt = "Reply with OK.";
    private const int MaxOutputTokens = 16;
    private const int FirstTokenMs = 15_000;
    private const int TotalMs = 30_000;
    private const int AtOnce = 4;

    private readonly IDbContextFactory<ControlPlaneDb> _contexts;
    private readonly OpenedSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly TokenSources _tokens;
    private readonly ProviderTransport _transport;

    public EndpointProbe(IDbContextFactory<ControlPlaneDb> contexts, OpenedSecrets secrets, AddressRules addresses, IdentityOptions identity, TimeProvider time)
    {
        (_contexts, _secrets, _time) = (contexts, secrets, time);
        _tokens = new TokenSources(addresses, time, identity);
        _transport = new ProviderTransport(addresses, time);
    }

    /// <summary>One event for each endpoint, with its single attempt, cause probe.</summary>
    public async Task<ImmutableArray<UsageEvent>> RunAsync(RoutingSnapshot live, IReadOnlyList<ModelEndpointConfig> endpoints, CancellationToken cancellationToken)
    {
        RoutingTable table = await CompileAsync(live, endpoints, cancellationToken);
        var dispatcher = new ChatDispatcher(_transport, _time);
        var events = new UsageEvent?[endpoints.Count];
        await Parallel.ForAsync(0, endpoints.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, ct) =>
        {
            DateTimeOffset now = _time.GetUtcNow();
            var identity = new RequestIdentity(Guid.CreateVersion7(now), now, _time.GetTimestamp(), "");
            DispatchResult result = await dispatcher.DispatchAsync(Call(table.Endpoints[endpoints[i].Id]), table.Features[Name(i)], table, identity, UnreadAnswer.Instance, ct);
            events[i] = result.Event with { Feature = "", Attempts = [.. result.Event.Attempts.Select(a => a with { Cause = AttemptCause.Probe })] };
        });
        return [.. events.OfType<UsageEvent>()];
    }

    /// <summary>Obtains an account's credential anew, step by step.</summary>
    public async Task<ChainReport> ProveAsync(ProviderAccountConfig account, CancellationToken cancellationToken) =>
        await _tokens.ProveAsync(account, await SecretsAsync([account], cancellationToken), cancellationToken);

    public void Dispose()
    {
        _transport.Dispose();
        _tokens.Dispose();
    }

    // A document of its own: each endpoint is the only candidate of a feature of its own, and there are no callers.
    private async Task<RoutingTable> CompileAsync(RoutingSnapshot live, IReadOnlyList<ModelEndpointConfig> endpoints, CancellationToken cancellationToken)
    {
        SealedSecrets secrets = await SecretsAsync(live.Accounts, cancellationToken);
        RoutingSnapshot document = live with { Callers = [], Features = [.. endpoints.Select(Feature)] };
        var health = new EndpointHealthRegistry(_time, seed: 1);
        return new RoutingTableCompiler(health, account => _tokens.Of(account, secrets), seed: 1).Compile(document, new EdgeOverlay(), "probe");
    }

    private async Task<SealedSecrets> SecretsAsync(ImmutableArray<ProviderAccountConfig> accounts, CancellationToken cancellationToken)
    {
        await using ControlPlaneDb db = await _contexts.CreateDbContextAsync(cancellationToken);
        return new SealedSecrets(await _secrets.FieldsAsync(db, accounts, cancellationToken));
    }

    private static FeatureConfig Feature(ModelEndpointConfig endpoint, int index) => new()
    {
        Name = Name(index),
        FirstTokenMs = FirstTokenMs,
        TotalMs = TotalMs,
        MaxAttempts = 1,
        Candidates = [new CandidateConfig { ModelEndpoint = endpoint.Id }],
    };

    private static string Name(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"probe-{index}");

    private static ChatCall Call(ModelEndpoint endpoint) =>
        endpoint.Api(CallerApi.Embeddings).Capabilities.HasFlag(Capabilities.Embeddings) ? Embedding() : Chat();

    private static ChatCall Embedding() => new(static () => throw new InvalidOperationException("A call for embeddings has no messages."))
    {
        Feature = "",
        Stream = false,
        Api = CallerApi.Embeddings,
        Needs = Capabilities.Embeddings,
        Embedding = new EmbeddingRequest([Prompt], null),
    };

    private static ChatCall Chat() => new(static () => new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, Prompt)], MaxOutputTokens = MaxOutputTokens })
    {
        Feature = "",
        Stream = true,
        IncludeUsage = true,
        Needs = Capabilities.Text,
        MaxOutputTokens = MaxOutputTokens,
    };
}
