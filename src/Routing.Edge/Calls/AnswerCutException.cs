namespace Routing.Edge.Calls;

/// <summary>
/// Thrown behind the error event of a broken stream. Kestrel then closes the connection without the chunk that would mark a good end,
/// after everything written has been sent; aborting could lose the event. Clients that ignore error events see the cut.
/// </summary>
internal sealed class AnswerCutException() : Exception("The answer was cut after its error event.");
