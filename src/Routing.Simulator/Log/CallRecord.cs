namespace Routing.Simulator.Log;

/// <summary>One call as the cloud saw it. Never holds a prompt, an answer or a key.</summary>
/// <param name="Outcome"><c>completed</c>, <c>refused</c> (the request's own fault), <c>client_gone</c>, or the name of the fault that was injected.</param>
/// <param name="Status">HTTP status sent; 0 when no response was begun.</param>
/// <param name="InputTokens">As reported to the client; null when no usage was sent.</param>
/// <param name="Principal">Key id, account or a short fingerprint of the key: who called, not with what.</param>
public sealed record CallRecord(
    long Seq, DateTimeOffset At, string Wire, string Region, string Model, int Status, bool Streamed, string RequestId,
    int? InputTokens, int? OutputTokens, string Outcome, string? Principal);

/// <summary>Totals since start (the ring forgets, these do not).</summary>
public sealed record CallTotals(string Wire, string Region, string Model, string Outcome, long Calls, long InputTokens, long OutputTokens);
