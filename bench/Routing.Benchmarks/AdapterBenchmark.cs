using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Benchmarks;

/// <summary>What a request of 1 KB and a stream chunk cost in an adapter, without any network.</summary>
public class AdapterBenchmark
{
    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}\n\n");

    // Vertex AI counts tokens in the last event only; those before it differ in their text alone.
    private static readonly byte[] GeminiChunk = Encoding.UTF8.GetBytes(
        "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\" token\"}]}}],\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"},\"modelVersion\":\"gemini-2.5-flash\",\"createTime\":\"2026-11-25T19:00:00.000000Z\",\"responseId\":\"r3ZqaYuLBd2fmecPq6uW8Ao\"}\n\n");

    private static readonly byte[] ConverseChunk = ConverseDelta("{\"contentBlockIndex\":0,\"delta\":{\"text\":\" token\"},\"p\":\"abcdefghijklmnopqrstuvwxyz\"}");

    private readonly ArrayBufferWriter<byte> _body = new(4096);
    private readonly List<ChatEvent> _events = new(8);
    private readonly ModelTarget _target = new("m", "us-east-1", "p", "", 4096);
    private ChatCall _call = null!; // set up before the first run
    private ChatCall _messagesCall = null!;
    private ChatAnswerReader _translatedOpenAI = null!;
    private ChatAnswerReader _openAI = null!;
    private ChatAnswerReader _gemini = null!;
    private ChatAnswerReader _converse = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var prompt = new string('x', 900);
        var json = Encoding.UTF8.GetBytes($$"""{"model":"f","stream":true,"messages":[{"role":"user","content":"{{prompt}}"}]}""");
        var request = new ChatRequest { Messages = [ChatMessage.Of(ChatRole.User, prompt)] };
        _call = new ChatCall(() => request) { Feature = "f", Stream = true, Original = new OriginalBody(json, 9..12, null, 1) };
        _messagesCall = new ChatCall(() => request) { Feature = "f", Stream = true, Api = CallerApi.Messages };
        _translatedOpenAI = ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(_messagesCall, _target, round: 0, stream: true);
        _translatedOpenAI.Read(Chunk, _events);
        _openAI = ProviderAdapters.Of(ProviderKind.OpenAICompatible).CreateReader(_call, _target, round: 0, stream: true);
        _gemini = ProviderAdapters.Of(ProviderKind.Vertex).CreateReader(_call, _target, round: 0, stream: true);
        _converse = ProviderAdapters.Of(ProviderKind.Bedrock).CreateReader(_call, _target, round: 0, stream: true);
        _openAI.Read(Chunk, _events);
        _gemini.Read(GeminiChunk, _events);
    }

    [Benchmark]
    [Arguments(ProviderKind.OpenAICompatible)]
    [Arguments(ProviderKind.Bedrock)]
    [Arguments(ProviderKind.Vertex)]
    public int WriteRequest(ProviderKind kind)
    {
        _body.ResetWrittenCount();
        ProviderAdapters.Of(kind).WriteRequest(_call, _target, round: 0, _body);
        return _body.WrittenCount;
    }

    /// <summary>A call of another API, built as chat completions.</summary>
    [Benchmark]
    public int BuildChatCompletion()
    {
        _body.ResetWrittenCount();
        ProviderAdapters.Of(ProviderKind.OpenAICompatible).WriteRequest(_messagesCall, _target, round: 0, _body);
        return _body.WrittenCount;
    }

    [Benchmark(Baseline = true)]
    public int ReadSameWireChunk()
    {
        _events.Clear();
        _openAI.Read(Chunk, _events);
        return _events.Count;
    }

    /// <summary>The same chunk, read for a caller of another API.</summary>
    [Benchmark]
    public int ReadTranslatedChunk()
    {
        _events.Clear();
        _translatedOpenAI.Read(Chunk, _events);
        return _events.Count;
    }

    [Benchmark]
    public int ReadGeminiChunk()
    {
        _events.Clear();
        _gemini.Read(GeminiChunk, _events);
        return _events.Count;
    }

    [Benchmark]
    public int ReadConverseChunk()
    {
        _events.Clear();
        _converse.Read(ConverseChunk, _events);
        return _events.Count;
    }

    /// <summary>One event-stream frame: lengths, their checksum, headers, payload, the checksum of it all.</summary>
    private static byte[] ConverseDelta(string payload)
    {
        var headers = new ArrayBufferWriter<byte>();
        Header(headers, ":event-type", "contentBlockDelta");
        Header(headers, ":content-type", "application/json");
        Header(headers, ":message-type", "event");
        var frame = new byte[12 + headers.WrittenCount + Encoding.UTF8.GetByteCount(payload) + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.WrittenCount);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc(frame.AsSpan(0, 8)));
        headers.WrittenSpan.CopyTo(frame.AsSpan(12));
        Encoding.UTF8.GetBytes(payload, frame.AsSpan(12 + headers.WrittenCount));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static void Header(ArrayBufferWriter<byte> headers, string name, string value) =>
        headers.Write<byte>([(byte)name.Length, .. Encoding.ASCII.GetBytes(name), 7, 0, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
