using Routing.Core.Credentials;
using TestKit;

namespace Routing.Identity.Tests;

public sealed class RefreshingTokenSourceTests
{
    private readonly ManualTime _time = new();
    private readonly Queue<TaskCompletionSource<BearerCredential>> _answers = new();
    private readonly RefreshingTokenSource _source;
    private readonly SemaphoreSlim _asked = new(0);
    private int _exchanges;

    public RefreshingTokenSourceTests() => _source = new RefreshingTokenSource(ExchangeAsync, _time);

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
        _time.Advance(0.79 * 3590);
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
}
