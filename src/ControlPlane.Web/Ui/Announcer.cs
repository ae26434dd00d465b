namespace ControlPlane.Web.Ui;

/// <summary>The polite status region: one sentence at a time, at most one every five seconds; the newest wins. Live figures never go through it.</summary>
public sealed class Announcer(TimeProvider time)
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public event Action? Changed;

    public string Sentence { get; private set; } = "";

    /// <summary>Says what just changed state. Answers to an action of the reader (<paramref name="now"/>) are never held back.</summary>
    public void Say(string sentence, bool now = false)
    {
        DateTimeOffset at = time.GetUtcNow();
        if (!now && at - _last < Gap)
            return;
        _last = at;
        Sentence = sentence;
        Changed?.Invoke();
    }
}
