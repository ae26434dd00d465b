using Routing.Core.Llm;

namespace Routing.Edge.Calls;

/// <summary>One API that callers speak: how its requests are read, and how its answers and errors are written.</summary>
internal interface IInboundApi
{
    /// <summary>A header besides <c>Authorization</c> in which this API's clients put their key; null where there is none.</summary>
    string? KeyHeader => null;

    /// <summary>False: <paramref name="failure"/> says what is wrong, and where.</summary>
    bool TryRead(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure);

    /// <param name="id">The request's id, 32 hex digits.</param>
    EdgeAnswer Answer(HttpContext context, ChatCall call, string id, DateTimeOffset at);

    /// <summary>Answers with an error before anything else was released.</summary>
    Task RefuseAsync(HttpContext context, in ErrorAnswer error);
}
