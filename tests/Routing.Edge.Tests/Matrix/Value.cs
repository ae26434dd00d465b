using Routing.Core.Llm;

namespace Routing.Edge.Tests.Matrix;

/// <summary>A row of what depends on more than one field being there: a call, and what its caller is told of it.</summary>
/// <param name="Members">Beside <c>model</c>.</param>
internal sealed record Value(CallerApi Api, string Field, string Members)
{
    private const string Hi = """ "messages":[{"role":"user","content":"hi"}] """;
    private const string Function = """{"type":"function","function":{"name":"look_up","parameters":{"type":"object"}}}""";
    private const string Looked = """
        "messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"look_up","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"x"}]
        """;

    public static readonly Value[] All =
    [
        Chat("`temperature` beside `top_p`", Hi + ""","temperature":0.5,"top_p":0.5 """),
        Chat("`temperature`, `top_p` beside `reasoning_effort`", Hi + ""","temperature":0.5,"top_p":0.5,"reasoning_effort":"high" """),
        Chat("`reasoning_effort`: `none`", Hi + ""","reasoning_effort":"none" """),
        Chat("`reasoning_effort` beside a `max_completion_tokens` of 2,000", Hi + ""","reasoning_effort":"high","max_completion_tokens":2000 """),
        Chat("`system` message behind another", """ "messages":[{"role":"user","content":"hi"},{"role":"system","content":"Be brief."},{"role":"user","content":"go on"}] """),
        Chat("`metadata` value of 300 characters", Hi + $$""","metadata":{"team":"{{new string('v', 300)}}"} """),
        Chat("`tool` messages without `tools`", Looked),
        Chat("`tool` messages and `tool_choice`: `none`", Looked + $$""","tools":[{{Function}}],"tool_choice":"none" """),
        Messages("`thinking`: `disabled`", Hi + ""","max_tokens":4000,"thinking":{"type":"disabled"} """),
        Messages("`output_config.effort` without `thinking`", Hi + ""","max_tokens":4000,"output_config":{"effort":"high"} """),
        Messages("`output_config.effort`: `max`", Hi + ""","max_tokens":4000,"thinking":{"type":"adaptive"},"output_config":{"effort":"max"} """),
        Messages("`temperature`, `top_k` beside `thinking`", Hi + ""","max_tokens":4000,"temperature":0.5,"top_k":5,"thinking":{"type":"enabled","budget_tokens":1024} """),
    ];

    private static Value Chat(string field, string members) => new(CallerApi.ChatCompletions, field, members);

    private static Value Messages(string field, string members) => new(CallerApi.Messages, field, members);
}
