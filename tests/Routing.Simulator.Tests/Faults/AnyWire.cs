namespace Routing.Simulator.Tests.Faults;

/// <summary>The same small question on any wire.</summary>
internal static class AnyWire
{
    public static HttpRequestMessage Request(string wire, string model, bool streamed = false) => wire switch
    {
        "bedrock" => SimulatorFixture.Converse(model, """{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}""", streamed),
        "vertex" => SimulatorFixture.Gemini(model, """{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}""", streamed ? "streamGenerateContent" : "generateContent", streamed ? "?alt=sse" : ""),
        "azure" => SimulatorFixture.Azure(model, Chat(model, streamed)),
        "anthropic" => SimulatorFixture.Anthropic($$$"""{"model":"{{{model}}}","max_tokens":500,"messages":[{"role":"user","content":"Hello"}],"stream":{{{(streamed ? "true" : "false")}}}}"""),
        "claude" => SimulatorFixture.Claude(model, $$$"""{"anthropic_version":"vertex-2023-10-16","max_tokens":500,"messages":[{"role":"user","content":"Hello"}],"stream":{{{(streamed ? "true" : "false")}}}}""", streamed ? "streamRawPredict" : "rawPredict"),
        _ => SimulatorFixture.OpenAI(Chat(model, streamed)),
    };

    /// <summary>First part of the key: Claude on Vertex is Vertex.</summary>
    public static string KeyOf(string wire) => wire == "claude" ? "vertex" : wire;

    private static string Chat(string model, bool streamed) =>
        $$$"""{"model":"{{{model}}}","messages":[{"role":"user","content":"Hello"}],"stream":{{{(streamed ? "true" : "false")}}},"stream_options":{"include_usage":true}}""";
}
