using System.Text;
using Routing.Core.Llm;
using Routing.Core.Tables;
using Routing.Edge.Anthropic;
using Routing.Edge.OpenAI;
using Routing.Edge.Responses;

namespace Routing.Edge.Tests.Json;

/// <summary>By which name of a body its calls are kept together, from the bytes of every API.</summary>
public sealed class CallKeyTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData(",\"user\":\"ana\"", "ana")]
    [InlineData(",\"user\":null", null)]
    [InlineData(",\"user\":\"\"", null)]
    [InlineData(",\"user\":\"ana\",\"safety_identifier\":\"h4sh\"", "h4sh")]
    [InlineData(",\"safety_identifier\":\"h4sh\",\"user\":\"ana\"", "h4sh")]
    [InlineData(",\"prompt_cache_key\":\"thread-7\",\"safety_identifier\":\"h4sh\",\"user\":\"ana\"", "thread-7")]
    [InlineData(",\"user\":\"ana\",\"prompt_cache_key\":\"thread-7\"", "thread-7")]
    [InlineData(",\"user\":\"ana\",\"prompt_cache_key\":null", "ana")]
    [InlineData(",\"user\":\"Zo\\u00eb\"", "Zoë")]
    [InlineData(",\"user\":\"Zoë\"", "Zoë")]
    public void TryRead_OpenAIsApis_TheMostTellingNameIsTheKey(string members, string? name)
    {
        var chat = Read(ChatCompletionReader.TryRead, $$"""{"model":"f","messages":[{"role":"user","content":"hi"}]{{members}}}""");
        var responses = Read(ResponsesReader.TryRead, $$"""{"model":"f","input":"hi"{{members}}}""");
        Assert.Equal((Hash(name), Hash(name)), (chat.AffinityKey, responses.AffinityKey));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"metadata\":{\"user_id\":\"ana\"}", "ana")]
    [InlineData(",\"metadata\":{\"user_id\":null}", null)]
    [InlineData(",\"metadata\":{}", null)]
    public void TryRead_Messages_TheUserIdIsTheKey(string members, string? name) =>
        Assert.Equal(Hash(name), Read(MessagesReader.TryRead, $$"""{"model":"f","max_tokens":9,"messages":[{"role":"user","content":"hi"}]{{members}}}""").AffinityKey);

    [Fact]
    public void TryRead_Embeddings_TheUserIsTheKey() =>
        Assert.Equal(Hash("ana"), Read(EmbeddingReader.TryRead, """{"model":"f","input":"hi","user":"ana"}""").AffinityKey);

    [Theory]
    [InlineData("ana")]
    [InlineData("Zo\\u00eb")]
    public void TryRead_WithAKey_AllocatesNoMoreThanWithout(string user)
    {
        var (with, without) = (Body(user), Encoding.UTF8.GetBytes("""{"model":"f","messages":[{"role":"user","content":"hi"}],"seed":1}"""));
        Assert.Equal(Allocated(without), Allocated(with));
    }

    private delegate bool Reader(ReadOnlyMemory<byte> json, out ChatCall call, out Failure failure);

    private static byte[] Body(string user) => Encoding.UTF8.GetBytes($$"""{"model":"f","messages":[{"role":"user","content":"hi"}],"user":"{{user}}"}""");

    // The least of many: what is not yet compiled for good may allocate more.
    private static long Allocated(byte[] body)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 500; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(ChatCompletionReader.TryRead(body, out _, out _));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static ChatCall Read(Reader reader, string json)
    {
        Assert.True(reader(Encoding.UTF8.GetBytes(json), out var call, out var failure), failure?.Message);
        return call;
    }

    private static ulong Hash(string? name) => name is null ? 0 : StableHash.Of(name);
}
