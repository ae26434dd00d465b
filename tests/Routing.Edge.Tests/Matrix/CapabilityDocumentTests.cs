using System.Globalization;
using System.Text;
using Routing.Core.Llm;

namespace Routing.Edge.Tests.Matrix;

/// <summary>docs/capabilities.md, made from the adapters.</summary>
public sealed class CapabilityDocumentTests
{
    private const string Command = "WRITE_DOCS=1 dotnet test tests/Routing.Edge.Tests --filter CapabilityDocument";

    private const string Head = $"""
        # What each wire carries
        Made from the adapters by `{Command}`; a test fails when this page says something else than the code.

        Every field of the public API is one of these, and never silently dropped:

        - **same wire**: goes on as the caller's own bytes;
        - **translated**: said in the provider's own words;
        - **nearly**: met as well as the wire allows, and named in `x-route-warnings` with the words under the table, where that became of the call;
        - **no**: a feature with no other candidate refuses it with `400 unsupported_capability`. `param` is the field's path, and the message says of each candidate why it cannot.

        A model endpoint's own list of capabilities may take abilities away from these. `store: true` is refused everywhere: nothing is stored behind this API.

        ## Limits of tokens
        A caller's limit is sent as it is; on the caller's own wire, so is its absence where the provider takes that, unless the feature has a `maxCostMicros`: then `maxOutputTokens` of the model endpoint is written in, for the cost was judged by it. Where a call is translated and has no limit, `maxOutputTokens` of the model endpoint is sent (4096 unless an administrator says otherwise), so a long answer may end there with `length`. Claude and Gemini count their thoughts against the limit. Beside the endpoint's own they get room: the thinking budget on top of it, up to 32,000 tokens together for Claude and 65,536 for Gemini (32,768 on top for Gemini 3, which takes a level, and 8,192 for a Gemini 2.5 that is not told how much to think). That room is not in what `maxCostMicros` judges by: such a call may cost more. Beside a caller's own limit an effort becomes 80 percent of it at most on Gemini 2.5, and a share of it on Claude; Claude refuses to think within 1,024 tokens.

        ## Reasoning, handed out and handed back
        An answer's reasoning is `reasoning_content`, apart from `content`, in whole messages and in deltas. Where its provider signs it, `thinking_blocks` holds it once more with the signatures: in a stream each element comes as a whole, in one delta. To let the model think on, put the elements of all deltas, in order and unchanged, into `thinking_blocks` of the assistant's message that you send back. An element is `type` (`thinking` with `thinking` and `signature`, or `redacted_thinking` with `data`) and, when it came behind tool calls, `tool_calls_before`.

        The Responses API has `reasoning` items: `summary` is the reasoning, and `encrypted_content`, in the answer whether `include` asks for it or not, is `route.signed:` with the provider's signature behind it (nothing where it gave none), or `route.redacted:` with what only the provider can read. Nothing is encrypted or checked on the way: the provider checks its own signature. Hand the items back in order and unchanged. What OpenAI's own models sealed begins otherwise, and only an endpoint of their wire takes it.

        ## Responses without a store
        `store` left out is served as `false`, and the answer says `"store": false`. `store: true`, `previous_response_id`, `conversation`, `background: true`, `prompt`, an `item_reference`, and `GET`, `DELETE`, `cancel` and `input_items` of a response are refused with `400 unsupported_capability` naming the field. An answer that ended in a way OpenAI has no word for is `incomplete` with the provider's own word as the reason.

        """;

    [Fact]
    public void Document_Committed_IsWhatTheAdaptersSay()
    {
        var text = Write();
        var path = Path.Combine(Root(), "docs", "capabilities.md");
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1") File.WriteAllText(path, text);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == text, $"docs/capabilities.md is not what the adapters say. Run: {Command}");
    }

    private static string Write()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        Table(text, "Chat completions", CallerApi.ChatCompletions, Wire.OfChat, Need.OfChat);
        Table(text, "Messages", CallerApi.Messages, Wire.OfChat, Need.OfMessages);
        Table(text, "Responses", CallerApi.Responses, Wire.OfChat, ResponsesNeeds.All);
        Table(text, "Count of tokens", CallerApi.CountTokens, Wire.OfChat, Need.OfCounting);
        Table(text, "Embeddings", CallerApi.Embeddings, Wire.OfEmbeddings, Need.OfEmbeddings);
        Values(text);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, CallerApi api, Wire[] wires, Need[] needs)
    {
        var warnings = new List<string>();
        text.Append("\n## ").Append(title).Append("\n| |");
        foreach (var wire in wires) text.Append(' ').Append(wire.Name).Append(" |");
        text.Append("\n|---|").Insert(text.Length, "---|", wires.Length).Append('\n');
        foreach (var need in needs)
        {
            text.Append("| ").Append(need.Field).Append(" |");
            foreach (var wire in wires) text.Append(' ').Append(Cell(api, wire, need.Bit, warnings)).Append(" |");
            text.Append('\n');
        }

        for (var i = 0; i < warnings.Count; i++) text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. `{warnings[i]}`");
        if (warnings.Count > 0) text.Append('\n');
    }

    private static void Values(StringBuilder text)
    {
        var warnings = new List<string>();
        text.Append("\n## What depends on more than one field\nWhere such a call is sent, `x-route-warnings` has the words under the table. The newest of Anthropic's models (from Claude Opus 4.7 on) take no `temperature`, `top_p` and `top_k` at all, and the caller is told the same. Of `user` and `safety_identifier` together only the latter is sent where a call is translated, and the caller is told.\n\n| | |");
        foreach (var wire in Wire.OfChat) text.Append(' ').Append(wire.Name).Append(" |");
        text.Append("\n|---|---|").Insert(text.Length, "---|", Wire.OfChat.Length).Append('\n');
        foreach (var value in Value.All)
        {
            text.Append("| ").Append(value.Api == CallerApi.Messages ? "Messages" : "Chat completions").Append(" | ").Append(value.Field).Append(" |");
            foreach (var wire in Wire.OfChat) text.Append(' ').Append(Told(wire.Warnings(value.Api, value.Members), warnings)).Append(" |");
            text.Append('\n');
        }

        for (var i = 0; i < warnings.Count; i++) text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. `{warnings[i]}`");
        text.Append('\n');
    }

    private static string Told(IEnumerable<string>? told, List<string> warnings)
    {
        if (told is null) return "no";
        var numbers = new List<string>();
        foreach (var warning in told)
        {
            if (!warnings.Contains(warning)) warnings.Add(warning);
            numbers.Add((warnings.IndexOf(warning) + 1).ToString(CultureInfo.InvariantCulture));
        }

        return numbers.Count == 0 ? "as said" : string.Join(' ', numbers);
    }

    private static string Cell(CallerApi api, Wire wire, Capabilities need, List<string> warnings)
    {
        var support = wire.Support(api);
        if ((support.Carries & need) == Capabilities.None) return "no";
        foreach (var (nearly, warning) in support.Approximations)
        {
            if (nearly != need) continue;
            if (!warnings.Contains(warning)) warnings.Add(warning);
            return string.Create(CultureInfo.InvariantCulture, $"nearly ({warnings.IndexOf(warning) + 1})");
        }

        return wire.IsSame(api) ? "same wire" : "translated";
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ControlPlane.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("No ControlPlane.sln above the tests.");
        return folder.FullName;
    }
}
