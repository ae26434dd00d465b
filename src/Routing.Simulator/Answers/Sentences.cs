namespace Routing.Simulator.Answers;

/// <summary>What answers are made of. Some characters take two, three and four bytes of UTF-8 on purpose.</summary>
internal static class Sentences
{
    private static readonly string[] Texts =
    [
        "The team agreed to move the launch to Thursday so that the review can finish first.",
        "Zoë will send the updated résumé of decisions before noon.",
        "Two open questions remain: who owns the rollout, and which region goes first?",
        "The café meeting notes were shared with everyone in the channel.",
        "Latency went down after the cache was warmed, and errors stayed flat.",
        "Customers asked for clearer pricing; a draft is in review. 📝",
        "The naïve approach worked in the test, but it would not hold under load.",
        "Next step: Søren checks the numbers against last month's invoice.",
        "There were three incidents this week, and each has an owner.",
        "東京のチームは月曜日に結果を確認します。",
        "The summary below covers the last forty messages of the thread.",
        "Priya proposed a smaller first step, and nobody objected.",
        "Budget for the quarter is at 62 % with five weeks left.",
        "A follow-up is planned with the Zürich office on Friday at 15:00.",
        "The migration is done for two of the four services. 🚀",
        "Everyone who was mentioned has confirmed their part.",
        "The document was translated into Français, Español and Türkçe.",
        "One risk stands out: the vendor's quota is close to its limit.",
        "Support tickets fell by a third since the fix went out.",
        "The decision is recorded, with its reasons, in the project folder.",
        "Ana asked whether the old dashboard can be retired; the answer is yes.",
        "Temperature in the lab stayed at 21 °C throughout the run.",
        "Please react with 👍 if the proposed date works for you.",
        "The search found four documents; the second one answers the question.",
        "Nothing in the thread contradicts the plan from last Tuesday.",
        "Costs are split by feature, so the owner of each sees their own share.",
        "The prototype handles 中文 input correctly now.",
        "Jürgen will pair with Mei on the remaining test failures.",
        "In short: keep the current plan, and look again in two weeks.",
        "The huddle ended with a clear list of actions — five in total.",
        "Response quality was rated 4½ out of 5 by the reviewers.",
        "If nothing changes, the release goes out as planned.",
    ];

    private static readonly string[][] Tokens = [.. Texts.Select(text => Tokenizer.Split(text).ToArray())];

    // The same sentences as they read in the middle of a text: with the space that parts them from the one before.
    private static readonly string[][] FollowingTokens = [.. Texts.Select(text => Tokenizer.Split(" " + text).ToArray())];

    /// <summary>Fills <paramref name="into"/> with tokens of random sentences; the last sentence may be cut short.</summary>
    public static void Fill(Span<string> into, StableRandom random)
    {
        var first = true;
        while (!into.IsEmpty)
        {
            var sentence = (first ? Tokens : FollowingTokens)[random.Below(Texts.Length)];
            var taken = sentence.AsSpan(0, Math.Min(sentence.Length, into.Length));
            taken.CopyTo(into);
            into = into[taken.Length..];
            first = false;
        }
    }
}
