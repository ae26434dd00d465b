using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;
using Routing.Core.Credentials;
using Routing.Core.Dispatch;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Tests.Dispatch;

/// <summary>A dispatcher over scripted providers: one feature, one candidate per provider, tier by tier.</summary>
internal sealed class DispatchBench : IDisposable
{
    /// <summary>A call of the feature as a selector sees it.</summary>
    public static readonly ChatCall Plain = Call(stream: true, Capabilities.Text, new TextPart("hi"), [], CallerApi.ChatCompletions);

    private readonly ProviderTransport _transport;
    private readonly TimeProvider _time;

    public DispatchBench(
        ScriptedProvider[] providers, Func<FeatureConfig, FeatureConfig>? feature = null, ICloudTokenSource? tokens = null, TimeProvider? time = null,
        ProviderKind primary = ProviderKind.OpenAICompatible, Func<ModelEndpointConfig, ModelEndpointConfig>? endpoint = null, ReadWatch? watch = null,
        ProviderKind backup = ProviderKind.OpenAICompatible)
    {
        _time = time ?? TimeProvider.System;
        var rules = new AddressRules(providers.Select(p => p.HostPort));
        _transport = watch is null ? new ProviderTransport(rules, _time) : new ProviderTransport(() => Watched(watch, GuardedHandler.Create(rules, _time)), _time);
        Health = new EndpointHealthRegistry(_time, seed: 1);
        var compiler = new RoutingTableCompiler(Health, _ => tokens ?? new StaticTokenSource(new ApiKeyCredential("k")), seed: 7);
        Table = compiler.Compile(Snapshot(providers, feature, primary, backup, endpoint ?? (e => e)), new EdgeOverlay(), "epoch");
        Dispatcher = new ChatDispatcher(_transport, _time);
    }

    public EndpointHealthRegistry Health { get; }
    public RoutingTable Table { get; }
    public ChatDispatcher Dispatcher { get; }
    public RecordedAnswer Answer { get; } = new();

    public async Task<DispatchResult> SendAsync(
        bool stream = true, Capabilities needs = Capabilities.Text, ContentPart? said = null, Dictionary<Capabilities, NeededField>? fields = null,
        CallerApi api = CallerApi.ChatCompletions, ulong key = 0, FeatureRoute? route = null, ChatRequest? request = null, CancellationToken caller = default)
    {
        var identity = new RequestIdentity(Guid.CreateVersion7(_time.GetUtcNow()), _time.GetUtcNow(), _time.GetTimestamp(), "tests");
        return await Dispatcher.DispatchAsync(
            Call(stream, needs, said ?? new TextPart("hi"), fields ?? [], api, key, request), route ?? Table.Features["f"], Table, identity, Answer, caller);
    }

    public void Dispose() => _transport.Dispose();

    // Of the first provider that is asked; the others have handlers of their own.
    private static HttpMessageHandler Watched(ReadWatch watch, HttpMessageHandler handler)
    {
        if (watch.InnerHandler is not null) return handler;
        watch.InnerHandler = handler;
        return watch;
    }

    private static ChatCall Call(bool stream, Capabilities needs, ContentPart said, Dictionary<Capabilities, NeededField> fields, CallerApi api, ulong key = 0, ChatRequest? request = null)
    {
        var json = stream ? """{"model":"f","stream":true,"messages":[]}""" : """{"model":"f","messages":[]}""";
        return new ChatCall(() => request ?? new ChatRequest { Messages = [new ChatMessage(ChatRole.User, [said])] })
        {
            Feature = "f", Stream = stream, Api = api, Needs = needs, Original = new OriginalBody(Encoding.UTF8.GetBytes(json), 9..12, null, 1),
            Fields = _ => fields, AffinityKey = key, MaxOutputTokens = request?.MaxOutputTokens,
        };
    }

    private static RoutingSnapshot Snapshot(
        ScriptedProvider[] providers, Func<FeatureConfig, FeatureConfig>? adjust, ProviderKind primary, ProviderKind backup, Func<ModelEndpointConfig, ModelEndpointConfig> endpoint)
    {
        var feature = new FeatureConfig
        {
            Name = "f",
            Candidates = [.. providers.Select((_, i) => new CandidateConfig { ModelEndpoint = $"e{i + 1}", Tier = i + 1 })],
        };
        return new RoutingSnapshot
        {
            Revision = 5,
            Accounts = [.. providers.Select((p, i) => new ProviderAccountConfig
            {
                Id = $"a{i + 1}", Provider = i == 0 ? primary : backup, Address = p.Address, Credential = new CredentialConfig { Kind = CredentialKind.ApiKey },
            })],
            ModelEndpoints = [.. providers.Select((_, i) => endpoint(new ModelEndpointConfig { Id = $"e{i + 1}", Account = $"a{i + 1}", Model = $"model-{i + 1}" }))],
            Features = [adjust?.Invoke(feature) ?? feature],
            Prices = [.. providers.Select((_, i) => new PriceConfig
            {
                ModelEndpoint = $"e{i + 1}", From = DateTimeOffset.UnixEpoch, Input = 1_000_000, Output = 2_000_000,
            }).Take(1)],
        };
    }
}

/// <summary>What the caller would have seen.</summary>
internal sealed class RecordedAnswer : IChatAnswer
{
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Text => _text.ToString();
    public ImmutableArray<string> Begun { get; private set; } = [];
    public int Flushes { get; private set; }

    /// <summary>Who went on after a break.</summary>
    public ImmutableArray<string> WentOn { get; private set; } = [];

    /// <summary>The last the caller was told.</summary>
    public TokenUsage Used { get; private set; }
    public ImmutableArray<StopReason> Stops { get; private set; } = [];

    /// <summary>For each sign of life, what had been written of the answer by then.</summary>
    public Channel<string> KeptAlive { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Completes with the first flush.</summary>
    public Task Began => _began.Task;

    /// <summary>The caller reads nothing before this has completed.</summary>
    public Task Reads { get; set; } = Task.CompletedTask;

    public ValueTask KeepAliveAsync(CancellationToken cancellationToken)
    {
        Assert.Empty(Begun);
        return KeptAlive.Writer.WriteAsync(Text, cancellationToken);
    }

    public void Begin(in AnswerHead head) => Begun = Begun.Add($"{head.Endpoint.Id} after {head.Attempts}{(head.BeforeEnd ? ", before its end" : "")}{(head.IsNotContinued ? ", not to be continued" : "")}");

    public void GoOn(in AnswerHead head) => WentOn = WentOn.Add(head.Endpoint.Id);

    public void Write(List<ChatEvent> events)
    {
        foreach (var e in events)
        {
            _text.Append(Encoding.UTF8.GetString(e.Utf8.Span));
            if (e.Kind == ChatEventKind.Usage) Used = e.Usage;
            if (e.Kind == ChatEventKind.Stopped) Stops = Stops.Add(e.Stop);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Flushes++;
        _began.TrySetResult();
        return Reads.IsCompleted ? default : new ValueTask(Reads.WaitAsync(cancellationToken));
    }
}
