using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Identity.Exchanges;
using TestKit;

namespace Routing.Identity.Tests;

public sealed class RefreshingTokenSourceTests
{
    private readonly ManualTime _time = new();
    private readonly Queue<TaskCompletionSource<BearerCredential>> _answers = new();
    private readonly RefreshingTokenSource _source;
    private readonly SemaphoreSlim _asked = new(0);
    private int _exchanges;

    public RefreshingTokenSourceTests() => _source = new RefreshingTokenSource(new Scripted(ExchangeAsync), _time, seed: 1);

    [Fact]
    public async Task Get_ManyAtOnce_ExchangeOnce()
    {
        var answer = Next();
        var waiting = Enumerable.Range(0, 50).Select(_ => _source.GetAsync(CancellationToken.None).AsTask()).ToArray();
        answer.SetResult(Token("t1"));
        Assert.All(await Task.WhenAll(waiting), t => Assert.Equal("t1", ((BearerCredential)t).Token));
        Assert.Equal(1, _exchanges);
    }

    [Fact]
    public async Task Get_YoungToken_IsUsedAtOnce()
    {
        await GetFirstAsync();
        _time.Advance(0.74 * 3590);
        Assert.Equal("t1", await TokenAsync());
        Assert.Equal(1, _exchanges);
    }

    [Fact]
    public async Task Get_AtFourFifthsOfItsLife_RenewsBehindTheCaller()
    {
        await GetFirstAsync();
        _time.Advance(0.81 * 3590);
        var answer = Next();
        Assert.Equal("t1", await TokenAsync());
        await _asked.WaitAsync();
        answer.SetResult(Token("t2"));
        while (await TokenAsync() != "t2") await Task.Yield();
        Assert.Equal(2, _exchanges);
    }

    [Fact]
    public async Task Get_RenewingFails_TheOldTokenIsUsedToItsEnd()
    {
        await GetFirstAsync();
        _time.Advance(0.81 * 3590);
        Next().SetException(new CredentialException("The service is down."));
        await OldTokenUntilAskedAsync();

        _time.Advance(0.18 * 3590);
        Next().SetException(new CredentialException("The service is down."));
        await OldTokenUntilAskedAsync();

        _time.Advance(0.02 * 3590);
        Next().SetException(new CredentialException("Still down."));
        await Assert.ThrowsAsync<CredentialException>(async () => await TokenAsync());
    }

    [Fact]
    public async Task Get_AfterAFailure_AsksAgainOnlyAfterAPause()
    {
        Next().SetException(new CredentialException("invalid_grant"));
        await Assert.ThrowsAsync<CredentialException>(async () => await TokenAsync());
        for (var i = 0; i < 20; i++) await Assert.ThrowsAsync<CredentialException>(async () => await TokenAsync());
        Assert.Equal(1, _exchanges);

        _time.Advance(5);
        Next().SetResult(Token("t2"));
        Assert.Equal("t2", await TokenAsync());
    }

    [Fact]
    public async Task Invalidate_RefusedToken_IsExchangedAnewButNotInAStorm()
    {
        await GetFirstAsync();
        _source.Invalidate(); // Younger than ten seconds: the next one would be refused as well.
        Assert.Equal("t1", await TokenAsync());

        _time.Advance(11);
        _source.Invalidate();
        Next().SetResult(Token("t2"));
        Assert.Equal("t2", await TokenAsync());
    }

    [Fact]
    public async Task Get_WallClockStepped_ATokensLifeDoesNotNotice()
    {
        await GetFirstAsync();
        _time.StepWallClock(TimeSpan.FromHours(5));
        Assert.Equal("t1", await TokenAsync());
        Assert.Equal(1, _exchanges);
    }

    [Fact]
    public async Task Get_TokenThatHasEndedAlready_IsAFailureThatNamesTheClock()
    {
        Next().SetResult(new BearerCredential("t1", _time.GetUtcNow()));
        var failure = await Assert.ThrowsAsync<CredentialException>(async () => await TokenAsync());
        Assert.Contains("clock", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnexpectedException_IsACredentialExceptionWithoutItsText()
    {
        Next().SetException(new InvalidOperationException("secret"));
        var failure = await Assert.ThrowsAsync<CredentialException>(async () => await TokenAsync());
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OneWaiterGivesUp_TheOthersStillGetTheToken()
    {
        var answer = Next();
        using var impatient = new CancellationTokenSource();
        var (given, patient) = (_source.GetAsync(impatient.Token).AsTask(), _source.GetAsync(CancellationToken.None).AsTask());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        answer.SetResult(Token("t1"));
        Assert.Equal("t1", ((BearerCredential)await patient).Token);
    }

    [Fact]
    public async Task Get_ShortLife_EndsByATenthEarlierAndNotByTenSeconds()
    {
        Next().SetResult(new BearerCredential("t1", _time.GetUtcNow().AddSeconds(20)));
        Assert.Equal("t1", await TokenAsync());
        _time.Advance(13); // Below three quarters of eighteen seconds.
        Assert.Equal("t1", await TokenAsync());
        Assert.Equal(1, _exchanges);

        _time.Advance(5.1);
        Next().SetResult(Token("t2"));
        Assert.Equal("t2", await TokenAsync());
    }

    [Fact]
    public async Task Get_OtherSeeds_RenewAtOtherMomentsBeforeFourFifths()
    {
        var moments = new List<double>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var source = new RefreshingTokenSource(new Scripted(_ => Task.FromResult(Token("t"))), _time, seed);
            await source.GetAsync(CancellationToken.None);
            moments.Add((source.View("a").RenewsAt!.Value - _time.GetUtcNow()).TotalSeconds);
        }
        Assert.All(moments, m => Assert.InRange(m, 0.75 * 3590, 0.8 * 3590));
        Assert.Equal(20, moments.Distinct().Count());
    }

    [Fact]
    public async Task View_FollowsTheTokenService_AndNotTheModels()
    {
        Assert.Equal(IdentityState.Unknown, View().State);
        await GetFirstAsync();
        Assert.Equal((IdentityState.Good, 1L, 0L, ""), (View().State, View().Exchanges, View().Failures, View().Sentence));

        _time.Advance(0.81 * 3590);
        var since = _time.GetUtcNow();
        Next().SetException(new CredentialException("The service is down.") { Step = CredentialStep.Exchange, Advice = "Check it." });
        await OldTokenUntilAskedAsync();
        while (View().Failures < 1) await Task.Yield();
        Assert.Equal((IdentityState.LastGood, since, CredentialStep.Exchange), (View().State, View().Since, View().Step));
        Assert.Equal("Identity cannot be renewed at the token service; the last credential is used until 2026-11-24 15:00:00 UTC. The service is down. Check it.", View().Sentence);

        _time.Advance(0.2 * 3590); // The old token ends; nobody had to ask for that.
        Assert.Equal((IdentityState.Fault, "Identity fault at the token service: The service is down. Check it."), (View().State, View().Sentence));
        Assert.Null(View().ExpiresAt);

        Next().SetResult(Token("t2"));
        Assert.Equal("t2", await TokenAsync());
        Assert.Equal((IdentityState.Good, 3L, 1L, 0, ""), (View().State, View().Exchanges, View().Failures, View().FailuresInARow, View().Sentence));

        IdentityHealthView View() => _source.View("a");
    }

    [Fact]
    public async Task Get_UnderLoadOverManyLives_NobodyWaitsAndNobodyFails()
    {
        var exchanges = 0;
        var source = new RefreshingTokenSource(new Scripted(async _ =>
        {
            await Task.Yield();
            return new BearerCredential($"t{Interlocked.Increment(ref exchanges)}", _time.GetUtcNow().AddSeconds(60));
        }), _time, seed: 7);
        await source.GetAsync(CancellationToken.None);

        var answered = 0;
        for (var second = 0; second < 2_000; second++)
        {
            var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (BearerCredential)await source.GetAsync(CancellationToken.None))));
            Assert.All(calls, t => Assert.True(t.ExpiresAt > _time.GetUtcNow()));
            answered += calls.Length;
            _time.Advance(1);
        }

        Assert.Equal(16_000, answered);
        Assert.InRange(exchanges, 2_000 / 54, 2_000 / 40 + 1);
        Assert.Equal(0, source.View("a").Failures);
    }

    private async Task GetFirstAsync()
    {
        Next().SetResult(Token("t1"));
        Assert.Equal("t1", await TokenAsync());
        await _asked.WaitAsync();
    }

    // The renewal before may still be settling; the old token is given all the while.
    private async Task OldTokenUntilAskedAsync()
    {
        do Assert.Equal("t1", await TokenAsync());
        while (!await _asked.WaitAsync(TimeSpan.FromMilliseconds(1)));
    }

    private async Task<string> TokenAsync() => ((BearerCredential)await _source.GetAsync(CancellationToken.None)).Token;

    private BearerCredential Token(string value) => new(value, _time.GetUtcNow().AddSeconds(3600));

    private TaskCompletionSource<BearerCredential> Next()
    {
        var answer = new TaskCompletionSource<BearerCredential>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_answers) _answers.Enqueue(answer);
        return answer;
    }

    private async Task<BearerCredential> ExchangeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _exchanges);
        Task<BearerCredential> answer;
        lock (_answers) answer = _answers.Dequeue().Task;
        _asked.Release();
        return await answer;
    }

    private sealed class Scripted(Func<CancellationToken, Task<BearerCredential>> answer) : ICredentialExchange
    {
        public async Task<Issued> RunAsync(ChainLog? log, CancellationToken cancellationToken)
        {
            var token = await answer(cancellationToken);
            return new Issued(token, token.ExpiresAt);
        }
    }
}
