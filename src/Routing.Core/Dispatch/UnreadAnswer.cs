using Routing.Core.Llm;

namespace Routing.Core.Dispatch;

/// <summary>Takes an answer of which only the figures are of interest.</summary>
public sealed class UnreadAnswer : IChatAnswer
{
    public static readonly UnreadAnswer Instance = new();

    private UnreadAnswer() { }

    public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Begin(in AnswerHead head) { }

    public void GoOn(in AnswerHead head) { }

    public void Write(List<ChatEvent> events) { }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
