using System.Buffers;
using Routing.Core.Credentials;
using Routing.Core.Llm;
using Routing.Core.Providers;
using Routing.Core.Tables;

namespace Routing.Core.Dispatch;

/// <summary>Sends one attempt and reads its answer to the end. Everything that can go wrong on the way comes back as a value.</summary>
internal sealed class AttemptRun(
    ProviderTransport transport, TimeProvider time, DispatchedRequest request, Attempt attempt, Deadline deadline)
{
    private const int ReadBufferBytes = 16 * 1024;

    // An error body is read for its code and sentence; a longer one is a page for people.
    private const int ErrorBodyBytes = 64 * 1024;

    // Chunks that arrive together are sent together, up to this size: every send wakes the caller.
    private const int MostUnsentBytes = 16 * 1024;

    // Of an answer that is held back whole: some 25,000 tokens in OpenAI's own bytes, several times as many of another wire.
    // One edge may hold a thousand of them at a time.
    private const int MostHeldBytes = 4 * 1024 * 1024;

    private readonly List<ChatEvent> _events = new(4);
    private HeldEvents? _held;
    private int _unsent;
    private bool _isLastRound;
    private bool _isCommitted;
    private bool _hasCredential;

    /// <summary>Null when the answer is whole.</summary>
    public async ValueTask<Failure?> ToEndAsync(bool othersLeft)
    {
        try
        {
            deadline.Arm(Patience(othersLeft));
            return await SendAndReadAsync().ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            return Failure.Of(FailureKind.CredentialExchangeFailed, e.Message) with { RawCode = e.RawCode };
        }
        catch (Exception e) when (request.Caller.IsCancellationRequested && IsBroken(e))
        {
            return Failure.Of(FailureKind.ClientCancelled, "The caller went away.");
        }
        catch (Exception e) when (request.Race?.HasLost(attempt) == true && IsBroken(e))
        {
            return HedgedRace.Overtaken;
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            // Time spent waiting for a token service says nothing about the model.
            return _hasCredential ? deadline.Passed() : Failure.Of(FailureKind.CredentialExchangeFailed, "The token service did not answer in time.");
        }
        catch (Exception e) when (IsBroken(e))
        {
            return attempt.FirstToken is null ? TransportFailures.Classify(e) : TransportFailures.Classify(e) with { Kind = FailureKind.StreamInterrupted };
        }
        finally
        {
            _held?.Dispose();
        }
    }

    /// <summary>
    /// A stream must begin within the feature's first-token limit. A whole answer has no first token to wait for:
    /// it gets half of what is left while somebody else could still be asked, else all of it.
    /// </summary>
    private TimeSpan Patience(bool othersLeft)
    {
        if (request.Call.Stream) return request.Route.FirstToken;
        var left = request.Route.Total - time.GetElapsedTime(request.Identity.Started);
        return othersLeft ? left / 2 : left;
    }

    private async ValueTask<Failure?> SendAndReadAsync()
    {
        var endpoint = attempt.Endpoint;
        if (endpoint.Adapter.Refuse(request.Call, endpoint.Target) is { } refusal) return CapabilityRefusal.By(request.Route, request.Call, attempt.Candidate, refusal);
        var credential = await endpoint.Credentials.GetAsync(deadline.Token).ConfigureAwait(false);
        _hasCredential = true;
        var rounds = endpoint.Adapter.Rounds(request.Call, endpoint.Target);
        for (var round = 0; round < rounds; round++)
        {
            _isLastRound = round == rounds - 1;
            if (await RoundAsync(endpoint, credential, round).ConfigureAwait(false) is { } failure) return failure;
        }

        return null;
    }

    private async ValueTask<Failure?> RoundAsync(ModelEndpoint endpoint, CloudCredential? credential, int round)
    {
        var body = new PooledBuffer();
        endpoint.Adapter.WriteRequest(request.Call, request.Route.MaxCostMicros > 0 ? endpoint.BoundTarget : endpoint.Target, round, body);
        attempt.Sent(body.WrittenCount);

        var call = endpoint.Api(request.Call.Api).Call(request.Call.Stream);
        var outgoing = new ProviderRequest(endpoint.Adapter.Kind, call, endpoint.Target.Region, body.WrittenMemory);
        using var response = await transport.SendAsync(outgoing, credential, deadline.Token).ConfigureAwait(false);
        attempt.HttpStatus = (int)response.StatusCode;
        var headers = new HttpWireHeaders(response);
        attempt.ProviderRequestId = RequestIds.Of(headers);
        if (attempt.HttpStatus != 200) return await ReadFailureAsync(response, headers).ConfigureAwait(false);

        var failure = await ReadAnswerAsync(response, headers, round).ConfigureAwait(false);

        // Only after a whole answer is the body surely no longer being sent; in any other case the pool must not get it back.
        if (failure is null) body.Dispose();
        return failure;
    }

    private async ValueTask<Failure?> ReadAnswerAsync(HttpResponseMessage response, HttpWireHeaders headers, int round)
    {
        var reader = attempt.Endpoint.Adapter.CreateReader(request.Call, attempt.Endpoint.Target, round, request.Call.Stream);
        reader.ChecksEveryEvent = request.HoldsBack;
        reader.ReadHeaders(headers);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        try
        {
            var stream = response.Content.ReadAsStream(deadline.Token); // Nothing to wait for: the headers are here, the body is not read ahead.
            while (true)
            {
                var reading = stream.ReadAsync(buffer, deadline.Token);
                if (_unsent > 0 && (!reading.IsCompletedSuccessfully || _unsent >= MostUnsentBytes)) await FlushAsync().ConfigureAwait(false);
                int read;
                try
                {
                    read = await reading.ConfigureAwait(false);
                }
                catch (Exception e) when (reader.IsOver && e is HttpRequestException or IOException)
                {
                    read = 0; // What breaks behind the terminal event breaks nothing.
                }

                if (read == 0) reader.Complete(_events);
                else reader.Read(buffer.AsMemory(0, read), _events);

                PassOn(read);
                if (attempt.Failure is not null)
                {
                    // Somebody else may go on, and takes a while to begin: what came before the break goes first.
                    if (_unsent > 0 && request.Continuation is not null) await FlushAsync().ConfigureAwait(false);
                    break;
                }

                _events.Clear();
                if (request.HoldsBack && (read == 0 || _held?.Bytes > MostHeldBytes)) await ReleaseAsync(isWhole: read == 0).ConfigureAwait(false);
                if (read == 0) break;
            }

            // Not where something was thrown: a read may still be under way into it.
            ArrayPool<byte>.Shared.Return(buffer);
            return attempt.Failure;
        }
        finally
        {
            attempt.ProviderRequestId ??= reader.ResponseId;
        }
    }

    /// <summary>Before the first content everything is held back, so that the next candidate could still answer instead.</summary>
    private void PassOn(int read)
    {
        var first = attempt.Observe(_events, time);
        var endsWell = read == 0 && _isLastRound && attempt.Failure is null;
        if (endsWell && request.Route.FailOverOnContentFilter && attempt.IsFilteredAway)
        {
            attempt.Refuse();
            return;
        }

        if (request.HoldsBack)
        {
            Hold();
            if (attempt.FirstToken is not null) deadline.Flowing();
            return;
        }

        if (_events.Count == 0 && !(endsWell && !_isCommitted && _held is not null))
        {
            if (_isCommitted) deadline.Flowing();
            return;
        }

        if (!_isCommitted)
        {
            // An answer without any content is an answer all the same: it stopped before its first word.
            if (!_isLastRound || (!first && !endsWell))
            {
                Hold();
                return;
            }

            if (!request.TryCommit(attempt, time))
            {
                attempt.Lose();
                return;
            }

            _isCommitted = true;
            if (_held is not null) _events.InsertRange(0, _held.All);
        }

        request.Continuation?.Pass(attempt, _events);
        request.Answer.Write(_events);
        _unsent += read;
        deadline.Flowing();
    }

    private async ValueTask FlushAsync()
    {
        deadline.CallerReads();
        await request.Answer.FlushAsync(deadline.Token).ConfigureAwait(false);
        deadline.Flowing();
        _unsent = 0;
    }

    private void Hold() => (_held ??= new HeldEvents()).Add(_events);

    /// <summary>What was held back is the caller's now: it is whole, or it is too large to be held any longer.</summary>
    private async ValueTask ReleaseAsync(bool isWhole)
    {
        await request.ReleaseAsync(attempt, isWhole, time).ConfigureAwait(false);
        _isCommitted = true;
        while (_held!.TryTake(_events, MostUnsentBytes, out var bytes)) // The answer's end was held just now.
        {
            if (_unsent > 0) await FlushAsync().ConfigureAwait(false);
            request.Answer.Write(_events);
            _unsent = bytes;
            _events.Clear();
        }

        deadline.Flowing();
    }

    private async ValueTask<Failure> ReadFailureAsync(HttpResponseMessage response, HttpWireHeaders headers)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ErrorBodyBytes);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            var length = await stream.ReadAtLeastAsync(buffer, ErrorBodyBytes, throwOnEndOfStream: false, deadline.Token).ConfigureAwait(false);
            return attempt.Endpoint.Adapter.ReadFailure(attempt.Endpoint.Target, attempt.HttpStatus, headers, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What a socket, a TLS stream, a chunked body or a cancelled wait throws. Anything else is a bug and must surface.
    private static bool IsBroken(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;
}
