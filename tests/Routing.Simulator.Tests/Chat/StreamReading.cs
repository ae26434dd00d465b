using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Routing.Simulator.Tests.Bedrock;

namespace Routing.Simulator.Tests.Chat;

/// <summary>Puts a stream together again, call by call and piece by piece.</summary>
// Members of an answer are there, or the test fails where it reads them: that is what the "!" mean here.
internal static class StreamReading
{
    public static Reply OpenAI(byte[] body)
    {
        var draft = new Draft();
        foreach (var chunk in Events(body).Where(e => e.Data != "[DONE]").Select(e => JsonNode.Parse(e.Data)!))
        {
            if (chunk["choices"]!.AsArray() is not [var choice, ..]) continue;
            draft.Text.Append((string?)choice!["delta"]!["content"]);
            foreach (var call in choice["delta"]!["tool_calls"]?.AsArray() ?? [])
                draft.Add((int)call!["index"]!, (string?)call["id"], (string?)call["function"]!["name"], (string?)call["function"]!["arguments"]);
            draft.Stop = (string?)choice["finish_reason"] ?? draft.Stop;
        }

        return draft.End();
    }

    public static Reply Anthropic(byte[] body)
    {
        var draft = new Draft();
        foreach (var e in Events(body).Select(e => JsonNode.Parse(e.Data)!))
        {
            var index = (int?)e["index"] ?? -1;
            if ((string?)e["content_block"]?["type"] == "tool_use") draft.Add(index, (string?)e["content_block"]!["id"], (string?)e["content_block"]!["name"], "");
            draft.Text.Append((string?)e["delta"]?["text"]);
            if (e["delta"]?["partial_json"] is { } json) draft.Add(index, null, null, (string?)json);
            draft.Stop = (string?)e["delta"]?["stop_reason"] ?? draft.Stop;
        }

        return draft.End();
    }

    public static Reply Bedrock(byte[] body)
    {
        var draft = new Draft();
        foreach (var (_, payload) in EventStreamReading.Read(body))
        {
            var e = JsonNode.Parse(payload.GetRawText())!;
            var index = (int?)e["contentBlockIndex"] ?? -1;
            if (e["start"]?["toolUse"] is { } start) draft.Add(index, (string?)start["toolUseId"], (string?)start["name"], "");
            draft.Text.Append((string?)e["delta"]?["text"]);
            if (e["delta"]?["toolUse"] is { } delta) draft.Add(index, null, null, (string?)delta["input"]);
            draft.Stop = (string?)e["stopReason"] ?? draft.Stop;
        }

        return draft.End();
    }

    public static Reply Gemini(byte[] body)
    {
        var draft = new Draft();
        var at = 0;
        foreach (var chunk in Events(body).Select(e => JsonNode.Parse(e.Data)!))
        {
            var candidate = chunk["candidates"]![0]!;
            foreach (var part in candidate["content"]!["parts"]!.AsArray())
            {
                if (part!["thought"] is null) draft.Text.Append((string?)part["text"]);
                if (part["functionCall"] is { } call) draft.Add(at++, $"call-{at}", (string?)call["name"], call["args"]!.ToJsonString());
            }

            draft.Stop = (string?)candidate["finishReason"] ?? draft.Stop;
        }

        return draft.End();
    }

    /// <summary>Server-sent events with their names, in order.</summary>
    public static List<(string? Name, string Data)> Events(byte[] body)
    {
        var events = new List<(string?, string)>();
        foreach (var lines in Encoding.UTF8.GetString(body).Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('\n')))
        {
            var name = lines.FirstOrDefault(l => l.StartsWith("event: ", StringComparison.Ordinal))?["event: ".Length..];
            events.Add((name, lines.Single(l => l.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]));
        }

        return events;
    }

    private sealed class Draft
    {
        private readonly SortedDictionary<int, (string? Id, string? Name, StringBuilder Arguments, int Pieces)> _calls = [];

        public StringBuilder Text { get; } = new();
        public string Stop { get; set; } = "none";

        public void Add(int index, string? id, string? name, string? arguments)
        {
            if (!_calls.TryGetValue(index, out var call)) call = (id, name, new StringBuilder(), 0);
            call.Arguments.Append(arguments);
            _calls[index] = call with { Pieces = call.Pieces + (string.IsNullOrEmpty(arguments) ? 0 : 1) };
        }

        public Reply End()
        {
            List<Call> calls = [.. _calls.Values.Select(c => new Call(c.Id!, c.Name!, JsonDocument.Parse(c.Arguments.ToString()).RootElement, c.Pieces))]; // A call begins with both.
            return new Reply(Text.ToString(), calls, Wire.StopWord(Stop, calls.Count > 0));
        }
    }
}
