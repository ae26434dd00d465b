using System.Buffers;
using System.Collections.Immutable;
using Routing.Core.Llm;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;

namespace Routing.Core.Providers;

/// <summary>
/// A provider's wire as two pure halves: write request bytes, read answer bytes. No I/O, no clock, no credentials, no retry;
/// those belong to the transport and the dispatcher.
/// </summary>
public interface IProviderAdapter
{
    ProviderKind Kind { get; }

    /// <summary>What this adapter makes of calls that come in by an API; a model endpoint's own list is cut down to it.</summary>
    WireSupport Support(CallerApi api, ModelTarget model);

    /// <summary>
    /// Path, query and fixed headers of a call to one model. Built once per model endpoint, API and mode, when a table is compiled;
    /// only for APIs it supports.
    /// </summary>
    WireTarget Target(ModelTarget model, CallerApi api, bool stream);

    /// <summary>Exchanges that one call takes, one after the other: more than one only where a provider embeds fewer texts at a time.</summary>
    int Rounds(ChatCall call, ModelTarget model) => 1;

    /// <summary>
    /// What of this very call the wire has no place for, although its needs are met: an image of a format it does not know, a name it
    /// does not allow. Null when nothing is; else the call is not sent and the next candidate is asked.
    /// </summary>
    Failure? Refuse(ChatCall call, ModelTarget model) => null;

    /// <summary>
    /// What of this very call is left out or changed beyond what its needs alone tell, for <c>x-route-warnings</c>: sampling that a model
    /// does not take while it thinks, and each <see cref="Approximation.IsOfValue"/> that came true. Printable ASCII without commas.
    /// </summary>
    ImmutableArray<string> Warnings(ChatCall call, ModelTarget model) => [];

    /// <summary>Writes the request body of one round, counted from 0.</summary>
    void WriteRequest(ChatCall call, ModelTarget model, int round, IBufferWriter<byte> body);

    /// <summary>A reader for one round's answer with status 200. <paramref name="stream"/> is how the call was sent.</summary>
    ChatAnswerReader CreateReader(ChatCall call, ModelTarget model, int round, bool stream);

    /// <summary>Classifies an answer whose status is not 200.</summary>
    Failure ReadFailure(int status, IWireHeaders headers, ReadOnlySpan<byte> body);

    /// <summary>The same, where it matters which model answered: a throttle of reserved capacity is not our quota.</summary>
    Failure ReadFailure(ModelTarget model, int status, IWireHeaders headers, ReadOnlySpan<byte> body) => ReadFailure(status, headers, body);
}

/// <summary>What an adapter knows of the model it writes for.</summary>
/// <param name="Model">Model id, inference profile, ARN or deployment, as the provider writes it.</param>
/// <param name="Region">Region or location as the provider writes it; empty where there is none.</param>
/// <param name="Project">Google Cloud project; empty elsewhere.</param>
/// <param name="ApiVersion">Azure's <c>api-version</c>; empty for its v1 path and elsewhere.</param>
/// <param name="MaxOutputTokens">Sent when the caller set no limit: an unset one reserves the model's maximum against our quota.</param>
public sealed record ModelTarget(string Model, string Region, string Project, string ApiVersion, int MaxOutputTokens)
{
    /// <summary>Never <see cref="ModelFamily.Auto"/>.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.Chat;

    /// <summary>The capacity class this endpoint was bought for; some wires ask for it by header or field.</summary>
    public CapacityClass CapacityClass { get; init; }

    /// <summary>
    /// A call whose caller set no limit of its answer gets <see cref="MaxOutputTokens"/> also where its own bytes go on: its cost was judged by that.
    /// </summary>
    public bool BoundsAnswer { get; init; }

    /// <summary>In what the host of OpenAI's wire differs from OpenAI; without meaning on other wires.</summary>
    public WireQuirks Quirks { get; init; } = WireQuirks.OpenAI;
}

/// <param name="PathAndQuery">Begins with a slash, already escaped.</param>
/// <param name="Accept">Value of the Accept header.</param>
public sealed record WireTarget(string PathAndQuery, string Accept)
{
    /// <summary>Further headers, the same for every call; none from a caller.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>Headers of an answer, read by name without regard to case.</summary>
public interface IWireHeaders
{
    string? this[string name] { get; }
}

/// <summary>Turns the bytes of one answer into events. Stateful; one per attempt; not thread-safe.</summary>
public abstract class ChatAnswerReader
{
    /// <summary>The wire's own terminal event was there: the answer is whole, however the connection ends behind it. False where a wire has none.</summary>
    public virtual bool IsOver => false;

    /// <summary>
    /// Each event is checked to be JSON, also where bytes of the caller's own wire may go on unread: in an answer that is given out only
    /// when it is whole, a broken piece is found before the caller's client finds it.
    /// </summary>
    public bool ChecksEveryEvent { get; set; }

    /// <summary>Called once, before the body; for wires that put a part of the answer, its usage for example, into headers.</summary>
    public virtual void ReadHeaders(IWireHeaders headers) { }

    /// <summary>Consumes bytes as they arrive, split anywhere, and appends the events they complete.</summary>
    public abstract void Read(ReadOnlyMemory<byte> bytes, List<ChatEvent> events);

    /// <summary>The body ended in good order. Appends what is left, or a failure when the terminal event is missing.</summary>
    public abstract void Complete(List<ChatEvent> events);

    /// <summary>The provider's request id, when the body carries one.</summary>
    public string? ResponseId { get; protected set; }
}
