namespace Routing.Simulator.Tests.Faults;

/// <summary>The same small question on any wire.</summary>
internal static class AnyWire
{
    public static HttpRequestMessage Request(string wire, string model, bool streamed = false) => wire switch
    {
        "bedrock" => SimulatorFixture.Converse(model, """{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}""", streamed),
        "vertex" => SimulatorFixture.Gemini(model, """{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}""", streamed ? "streamGenerateContent" : "generateContent", streamed ? "?alt=sse" : ""),
        "azure" => SimulatorFixture.Azure(model, Chat(model, streamed)),
        _ => SimulatorFixture.OpenAI(Chat(model, streamed)),
    };

    private static string Chat(string model, bool streamed) =>
        $$$"""{"model":"{{{model}}}","messages":[{"role":"user","content":"Hello"}],"stream":{{{(streamed ? "true" : "false")}}},"stream_options":{"include_usage":true}}""";
}
