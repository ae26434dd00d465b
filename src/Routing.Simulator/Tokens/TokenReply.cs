namespace Routing.Simulator.Tokens;

/// <summary>An answer of a token service.</summary>
internal sealed record TokenReply(int Status, string ContentType, string Body)
{
    public bool Issued => Status == StatusCodes.Status200OK;
}

/// <summary>What is the same at each token service: its fault strikes first, then it answers, and both are counted.</summary>
internal sealed class TokenDesk(TokenFaultBook faults, TimeProvider time)
{
    /// <param name="refuse">The service's own words for a fault that is an answer.</param>
    public RequestDelegate At(string service, Func<TokenFaultKind, TokenReply> refuse, Func<HttpContext, Task<TokenReply>> answer) => http => AnswerAsync(http, service, refuse, answer);

    private async Task AnswerAsync(HttpContext http, string service, Func<TokenFaultKind, TokenReply> refuse, Func<HttpContext, Task<TokenReply>> answer)
    {
        var fault = faults.Strike(service);
        if (fault?.Kind == TokenFaultKind.Reset)
        {
            faults.Count(service, issued: false);
            http.Abort();
            return;
        }
        if (fault?.Kind == TokenFaultKind.Slow) await Task.Delay(TimeSpan.FromMilliseconds(fault.Ms), time, http.RequestAborted);
        var reply = fault is null or { Kind: TokenFaultKind.Slow } ? await answer(http) : refuse(fault.Kind);
        faults.Count(service, reply.Issued);
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        await http.Response.WriteAsync(reply.Body, http.RequestAborted);
    }
}
