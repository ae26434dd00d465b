namespace Clients.Tests.Dialects;

/// <summary>A product team's code: the API's own .NET client, of which only base address and key are ours.</summary>
internal interface IDialect
{
    Task<Answer> AskAsync(string feature, Ask ask);

    /// <summary>Each piece of the answer's text as the client hands it out.</summary>
    IAsyncEnumerable<string> PiecesAsync(string feature, string text, CancellationToken ct);
}

internal static class Dialect
{
    public const string Chat = "chat";
    public const string Messages = "messages";
    public const string Responses = "responses";

    /// <summary>Every dialect with every provider.</summary>
    public static IEnumerable<(string Dialect, Provider Provider)> Pairs =>
        from dialect in (string[])[Chat, Messages, Responses]
        from provider in Provider.All
        select (dialect, provider);

    public static IDialect Of(string name, EdgeAndClouds edge) => name switch
    {
        Chat => new ChatDialect(edge),
        Messages => new MessagesDialect(edge),
        _ => new ResponsesDialect(edge),
    };

    /// <summary>What the dialect says of an answer that ended by itself.</summary>
    public static string Ended(string name) => name switch { Chat => "Stop", Messages => "end_turn", _ => "completed" };
}

/// <summary>What is asked, in no dialect's words.</summary>
internal sealed record Ask(string Text)
{
    /// <summary>One red pixel.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static readonly IReadOnlyList<string> Tools = ["find", "count"];
    public const string ToolSchema = """{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer","minimum":1}},"required":["query","limit"]}""";
    public const string AnswerSchema = """{"type":"object","properties":{"total":{"type":"integer"},"currency":{"type":"string","enum":["CHF","EUR"]}},"required":["total","currency"],"additionalProperties":false}""";

    public bool Stream { get; init; }
    public bool WithTools { get; init; }
    public bool WithSchema { get; init; }
    public bool WithImage { get; init; }
    public bool WithReasoning { get; init; }

    /// <summary>Reasoning with this effort, nothing of it to be shown.</summary>
    public string? Effort { get; init; }

    /// <summary>The answer that called tools; each then says <c>NAME says 42</c>.</summary>
    public Answer? Before { get; init; }
}

/// <summary>What the client made of it.</summary>
internal sealed record Answer
{
    public required string Text { get; init; }
    public string Reasoning { get; init; } = "";
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];
    public required string Stop { get; init; }

    /// <summary>Whole input, whatever was read from a cache.</summary>
    public long Input { get; init; }
    public long Output { get; init; }
    public long CacheRead { get; init; }

    /// <summary>Tokens of reasoning among the output; 0 where the API does not tell.</summary>
    public long Reasoned { get; init; }

    /// <summary>The model's turn in the client's own type, to be handed back.</summary>
    public required object Turn { get; init; }
}

/// <param name="Pieces">In how many pieces the arguments came.</param>
internal sealed record ToolCall(int Index, string Id, string Name, string Arguments, int Pieces);
