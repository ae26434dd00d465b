namespace Routing.Core.Llm;

/// <summary>The API in which a call came in, and in whose shape its answer goes back.</summary>
public enum CallerApi : byte
{
    /// <summary>OpenAI's chat completions.</summary>
    ChatCompletions,

    /// <summary>OpenAI's responses, without anything stored.</summary>
    Responses,

    /// <summary>Anthropic's messages.</summary>
    Messages,

    /// <summary>OpenAI's embeddings.</summary>
    Embeddings,

    /// <summary>Anthropic's count of a request's tokens.</summary>
    CountTokens,

    /// <summary>
    /// None: a chat call that is written from the canonical request whatever wire a candidate speaks, so that pieces of several answers make one.
    /// </summary>
    Canonical,
}
