using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Routing.Core.Llm;
using Routing.Core.Providers.OpenAI;
using Routing.Core.Snapshots;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>
/// What the caller has of a streamed answer from which another candidate may go on: its text, who gave the end of it, and what it took. Only for
/// calls whose answer is one text and nothing else, which are sent in no API's own bytes: those of two providers do not make one stream.
/// </summary>
internal sealed class Continuation : IDisposable
{
    // Some 250,000 tokens, more than models write in one answer.
    private const int MostBytes = 1024 * 1024;

    /// <summary>
    /// All that such a call may need. Not what makes an answer more than text (tools, formats, reasoning, log probabilities, several choices), nor
    /// what the canonical request has no place for.
    /// </summary>
    private const Capabilities Fit =
        Capabilities.Text | Capabilities.Streaming | Capabilities.SystemPrompt | Capabilities.Vision | Capabilities.ImageUrls | Capabilities.Documents
        | Capabilities.Seed | Capabilities.Penalties | Capabilities.TopK | Capabilities.StopSequences | Capabilities.HighTemperature
        | Capabilities.EndUser | Capabilities.Metadata | Capabilities.ServiceTier | Capabilities.Verbosity | Capabilities.CacheControl
        | Capabilities.ImageDetail | Capabilities.AssistantPrefill;

    private readonly PooledBuffer _given = new();
    private TokenUsage _used;
    private Attempt? _passing;
    private bool _isMoreThanText;
    private byte[] _turn = []; // What a candidate is sent as its own.
    private byte[] _blank = []; // White space at the end of what the caller has, which a candidate is not sent.
    private bool _mayEcho;
    private int _echoed; // How much of its turn the candidate has sent back.
    private int _seen; // How much of the white space it has written anew.

    private Continuation(ChatCall call) => Call = call;

    /// <summary>The caller's call in no API's own bytes.</summary>
    public ChatCall Call { get; }

    /// <summary>The last attempt of which the caller has anything.</summary>
    public Attempt? Giver { get; private set; }

    /// <summary>The answer is of more than one.</summary>
    public bool WasUsed => _used.Source != UsageSource.None;

    /// <summary>Null where the answer is delivered as it is: the feature's are not continued, or this one could not be.</summary>
    public static Continuation? Of(FeatureRoute route, ChatCall call) => IsFor(route, call) ? new Continuation(call.Canonical()) : null;

    public static bool IsFor(FeatureRoute route, ChatCall call)
    {
        if (route.Delivery != DeliveryMode.Continued || route.MaxAttempts < 2 || !call.Stream || (call.Needs & ~Fit) != Capabilities.None) return false;
        var (asked, takers) = (0, 0);
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            if (route.IsOutside(i)) continue;
            if (Loses(call, route.Candidates[i].Endpoint)) return false;
            asked += Carries(route.Candidates[i], call.Needs) ? 1 : 0;
            takers += CanGoOn(route, i, call) ? 1 : 0;
        }

        return asked > 1 && takers > 0;
    }

    public static bool CanGoOn(FeatureRoute route, int index, ChatCall call) => !route.IsOutside(index) && Carries(route.Candidates[index], call.Needs | Capabilities.AssistantPrefill);

    /// <summary>Events on their way to the caller. Keeps their text, leaves out what the caller has already, and adds up what all attempts took.</summary>
    public void Pass(Attempt attempt, List<ChatEvent> events)
    {
        if (_passing != attempt)
        {
            (_passing, _seen, _echoed) = (attempt, 0, 0);
            _mayEcho = _turn.Length > 0 && attempt.Endpoint.Target.Quirks.Prefill == PrefillMode.Prefix;
        }

        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            switch (e.Kind)
            {
                case ChatEventKind.TextDelta: events[i] = e with { Utf8 = Take(attempt, BehindEcho(e.Utf8)) }; break;
                case ChatEventKind.ReasoningDelta or ChatEventKind.ReasoningSignature or ChatEventKind.RedactedReasoning when WasUsed && _given.WrittenCount > 0:
                    events[i] = ChatEvent.Text(default); // What a stand-in thinks has no place amid the text.
                    break;
                case ChatEventKind.Usage: events[i] = e with { Usage = e.Usage.Plus(_used) }; break;
                case ChatEventKind.Stopped when WasUsed:
                    (Giver, _isMoreThanText) = (attempt, true);
                    if (attempt.Usage.Source == UsageSource.None) events.Insert(i++, ChatEvent.Used(attempt.Estimate().Plus(_used))); // The provider may tell of none.
                    if (EchoAtTheEnd() is { IsEmpty: false } said) events.Insert(i++, ChatEvent.Text(Take(attempt, said)));
                    break;
                case ChatEventKind.Failed: break;
                default: (Giver, _isMoreThanText) = (attempt, true); break;
            }
        }

        events.RemoveAll(static e => e is { Kind: ChatEventKind.TextDelta, Utf8.IsEmpty: true });
    }

    /// <summary>The call that goes on from where an attempt broke off; null where nobody may.</summary>
    public ChatCall? After(Attempt broken, Failure failure)
    {
        if (_isMoreThanText || failure.Kind == FailureKind.ContentBlocked) return null;
        _used = broken.Usage.Plus(_used);
        var left = Call.MaxOutputTokens - _used.OutputTotal;
        if (left <= 0) return null;
        var request = Call.Request with { MaxOutputTokens = (int?)left };
        var begun = request.Messages is [.., { Role: ChatRole.Assistant, Parts: [.., TextPart own] }] ? own.Text : "";
        var text = begun + Encoding.UTF8.GetString(_given.WrittenMemory.Span);
        var kept = text.TrimEnd(); // Anthropic's models refuse a turn that ends in white space, and others take it for half of a word.
        (_turn, _blank) = (Encoding.UTF8.GetBytes(kept), Encoding.UTF8.GetBytes(text[kept.Length..]));
        return Call.GoingOn(kept.Length == 0 ? request : request with { Messages = EndingWith(request.Messages, kept) });
    }

    public void Dispose() => _given.Dispose();

    private static bool Carries(Candidate candidate, Capabilities needs) => (needs & ~candidate.Endpoint.Api(CallerApi.Canonical).Capabilities) == Capabilities.None;

    /// <summary>Who takes the call's own bytes is not to be lost by it, nor to get less of them than it takes.</summary>
    private static bool Loses(ChatCall call, ModelEndpoint endpoint)
    {
        var (own, canonical) = (endpoint.Api(call.Api), endpoint.Api(CallerApi.Canonical));
        if ((call.Needs & ~own.Capabilities) != Capabilities.None) return false;
        if ((call.Needs & ~canonical.Capabilities) != Capabilities.None) return true;

        // Some of OpenAI's models are served by its Responses API only, and nothing tells of which.
        if (call.Api == CallerApi.Responses && own.Stream.Address != canonical.Stream.Address) return true;
        return (Approximated(canonical, call.Needs) & ~Approximated(own, call.Needs)) != Capabilities.None;
    }

    private static Capabilities Approximated(EndpointApi api, Capabilities needs)
    {
        var nearly = Capabilities.None;
        foreach (var approximation in api.Approximations) nearly |= approximation.Need & needs;
        return nearly;
    }

    /// <summary>
    /// What is left of a text behind the turn that the candidate was sent, where that comes back first, as Mistral does. Nothing, as long as it may
    /// yet be that; all of it from its beginning, once it is something else.
    /// </summary>
    private ReadOnlyMemory<byte> BehindEcho(ReadOnlyMemory<byte> text)
    {
        if (!_mayEcho) return text;
        var (before, same) = (_echoed, text.Span.CommonPrefixLength(_turn.AsSpan(_echoed)));
        _echoed += same;
        _mayEcho = same == text.Length && _echoed < _turn.Length;
        if (_mayEcho) return default;
        if (_echoed == _turn.Length) return text[same..];
        return before == 0 ? text : (byte[])[.. _turn.AsSpan(0, before), .. text.Span];
    }

    /// <summary>The answer is over before it came to the end of the turn: what it said is no echo.</summary>
    private ReadOnlyMemory<byte> EchoAtTheEnd()
    {
        if (!_mayEcho) return default;
        _mayEcho = false;
        return _turn.AsMemory(0, _echoed);
    }

    private ReadOnlyMemory<byte> Take(Attempt attempt, ReadOnlyMemory<byte> text)
    {
        text = text[Repeated(text.Span)..];
        if (text.IsEmpty) return text;
        Giver = attempt;
        _isMoreThanText |= _given.WrittenCount + text.Length > MostBytes;
        if (!_isMoreThanText) _given.Write(text.Span);
        return text;
    }

    private static ImmutableArray<ChatMessage> EndingWith(ImmutableArray<ChatMessage> messages, string turn) =>
        messages is [.., { Role: ChatRole.Assistant, Parts: [.., TextPart own] } last]
            ? messages.SetItem(messages.Length - 1, last with { Parts = last.Parts.SetItem(last.Parts.Length - 1, own with { Text = turn }) })
            : messages.Add(ChatMessage.Of(ChatRole.Assistant, turn));

    /// <summary>How much of what a candidate begins with is white space that the caller has; whole characters only.</summary>
    private int Repeated(ReadOnlySpan<byte> text)
    {
        var length = text.CommonPrefixLength(_blank.AsSpan(_seen));
        if (length < text.Length)
        {
            while (length > 0 && (text[length] & 0xC0) == 0x80) length--;
            _seen = _blank.Length;
        }
        else
        {
            _seen += length;
        }

        return length;
    }
}
