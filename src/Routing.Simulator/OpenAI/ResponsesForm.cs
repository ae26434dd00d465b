using System.Buffers;
using System.Text;
using System.Text.Json;
using Routing.Simulator.Answers;
using Routing.Simulator.Calls;
using Routing.Simulator.Faults;

namespace Routing.Simulator.OpenAI;

/// <summary>Writes a response, whole or as named events that are numbered through; one per call, as it keeps the number.</summary>
internal sealed class ResponsesForm(JsonElement asked) : IStreamedForm
{
    private readonly ResponseObject _response = new(asked);
    private int _sequence;

    public string StreamContentType(SimulatedCall call) => "text/event-stream; charset=utf-8";

    public void WriteWhole(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var json = JsonOut.Into(body);
        _response.Write(json, call, answer, ResponseStatus.Of(answer.First));
        json.Flush();
    }

    public void WriteStart(IBufferWriter<byte> body, SimulatedCall call, Answer answer)
    {
        foreach (var name in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
            Event(body, name, json => WriteResponse(json, call, null, ResponseStatus.InProgress));
    }

    public void WritePart(IBufferWriter<byte> body, SimulatedCall call, Block block, int part)
    {
        var item = new ResponseItem(asked, call, block);
        if (part == 0) WriteItemStart(body, item);
        if (item.DeltaName is { } delta)
        {
            Event(body, delta, json =>
            {
                item.WritePlace(json);
                json.WriteString("delta", block.Parts.Span[part]);
                if (block.Kind == BlockKind.Text) WriteNoLogProbs(json);
            });
        }

        if (block.IsLast(part)) WriteItemEnd(body, item);
    }

    public void WriteEnd(IBufferWriter<byte> body, SimulatedCall call, Answer answer, TimeSpan took)
    {
        var status = ResponseStatus.Of(answer.First);
        Event(body, $"response.{status.Event}", json => WriteResponse(json, call, answer, status));
    }

    public void WriteErrorInBand(IBufferWriter<byte> body, SimulatedCall call, FaultRule fault)
    {
        var reply = call.Wire.Refuse(fault, call) ?? call.Wire.Refuse(new FaultRule { Kind = FaultKind.Internal }, call)!; // Internal always has a reply.
        Event(body, "error", json =>
        {
            json.WriteString("code", (string?)reply.Body["error"]?["code"] ?? (string?)reply.Body["error"]?["type"]);
            json.WriteString("message", (string?)reply.Body["error"]?["message"]);
            json.WriteNull("param");
        });
    }

    public void WriteBroken(IBufferWriter<byte> body, SimulatedCall call) =>
        body.Write("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"dam\n\n"u8);

    private void WriteItemStart(IBufferWriter<byte> body, ResponseItem item)
    {
        Event(body, "response.output_item.added", json => item.WriteInItem(json, isDone: false));
        if (item.PartName is { } part) Event(body, $"response.{part}.added", json => item.WriteInPart(json, isDone: false));
    }

    private void WriteItemEnd(IBufferWriter<byte> body, ResponseItem item)
    {
        if (item.DeltaName is not null) Event(body, item.DoneName, item.WriteDone);
        if (item.PartName is { } part) Event(body, $"response.{part}.done", json => item.WriteInPart(json, isDone: true));
        Event(body, "response.output_item.done", json => item.WriteInItem(json, isDone: true));
    }

    private void WriteResponse(Utf8JsonWriter json, SimulatedCall call, Answer? answer, ResponseStatus status)
    {
        json.WritePropertyName("response");
        _response.Write(json, call, answer, status);
    }

    private void Event(IBufferWriter<byte> body, string name, Action<Utf8JsonWriter> write)
    {
        body.Write("event: "u8);
        body.Write(Encoding.UTF8.GetBytes(name));
        body.Write("\ndata: "u8);
        var json = JsonOut.Into(body);
        json.WriteStartObject();
        json.WriteString("type", name);
        json.WriteNumber("sequence_number", _sequence++);
        write(json);
        json.WriteEndObject();
        json.Flush();
        body.Write("\n\n"u8);
    }

    private static void WriteNoLogProbs(Utf8JsonWriter json)
    {
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
    }
}
