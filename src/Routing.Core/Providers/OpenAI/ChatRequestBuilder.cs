using System.Buffers;
using System.Text.Json;
using Routing.Core.Llm;

namespace Routing.Core.Providers.OpenAI;

/// <summary>Writes a chat request of another API in the shape of chat completions, as its host takes it.</summary>
internal static class ChatRequestBuilder
{
    /// <summary>Anthropic's word for its highest effort; the highest that every model here knows is <c>high</c>.</summary>
    public const string Most = "max";

    public static void Write(ChatCall call, ModelTarget model, IBufferWriter<byte> body)
    {
        var (request, quirks) = (call.Request, model.Quirks);
        using var json = new Utf8JsonWriter(body, TurnOrder.JsonOptions);
        json.WriteStartObject();
        json.WriteString("model"u8, model.Model);
        if (Limit(call, model) is { } limit) json.WriteNumber(quirks.MaxTokens == MaxTokensField.MaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, limit);
        if (call.Stream)
        {
            json.WriteBoolean("stream"u8, true);
            if (quirks.StreamOptions)
            {
                json.WritePropertyName("stream_options"u8);
                json.WriteRawValue(OpenAIRequestWriter.IncludeUsage);
            }
        }

        Sampling(request, quirks, json);
        Tools(request, json);
        Format(request.Format, json);
        if (IsSaid(call) && Effort(request.Reasoning) is { } effort) json.WriteString("reasoning_effort"u8, effort);
        Account(request, quirks, json);
        ChatMessages.Write(request, quirks, json);
        json.WriteEndObject();
    }

    /// <summary>Anthropic's callers may say that a model is not to think, which needs nothing of one that cannot, and here most refuse the word.</summary>
    public static bool IsSaid(ChatCall call) => call.Request.Reasoning is not { Effort: "none" } || (call.Needs & Capabilities.Reasoning) != Capabilities.None;

    // The bytes of a call that is to be continued would have gone on without a limit where the caller set none.
    private static int? Limit(ChatCall call, ModelTarget model) =>
        call.Request.MaxOutputTokens ?? (call.Api == CallerApi.Canonical && !model.BoundsAnswer ? null : model.MaxOutputTokens);

    private static void Sampling(ChatRequest request, WireQuirks quirks, Utf8JsonWriter json)
    {
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (request.TopK is { } topK) json.WriteNumber("top_k"u8, topK);
        if (request.Seed is { } seed) json.WriteNumber(quirks.Seed == SeedField.RandomSeed ? "random_seed"u8 : "seed"u8, seed);
        if (request.PresencePenalty is { } presence) json.WriteNumber("presence_penalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty"u8, frequency);
        if (request.StopSequences.IsEmpty) return;
        json.WriteStartArray("stop"u8);
        foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private static void Tools(ChatRequest request, Utf8JsonWriter json)
    {
        if (request.Tools.IsEmpty) return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools) Tool(tool, json);
        json.WriteEndArray();
        switch (request.ToolChoice.Mode)
        {
            case ToolChoiceMode.None: json.WriteString("tool_choice"u8, "none"u8); break;
            case ToolChoiceMode.Required: json.WriteString("tool_choice"u8, "required"u8); break;
            case ToolChoiceMode.Named:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, request.ToolChoice.Name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }

        if (!request.ParallelToolCalls) json.WriteBoolean("parallel_tool_calls"u8, false);
    }

    private static void Tool(ToolDefinition tool, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description.Length > 0) json.WriteString("description"u8, tool.Description);
        if (tool.Strict) json.WriteBoolean("strict"u8, true);
        if (tool.Parameters is { } schema)
        {
            json.WritePropertyName("parameters"u8);
            json.WriteRawValue(schema);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Format(AnswerFormat format, Utf8JsonWriter json)
    {
        if (format.Kind == AnswerFormatKind.Text) return;
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Kind == AnswerFormatKind.JsonSchema ? "json_schema"u8 : "json_object"u8);
        if (format is { Kind: AnswerFormatKind.JsonSchema, Schema: { } schema })
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.Name.Length > 0 ? format.Name : "answer"); // Anthropic's callers give none, and this wire wants one.
            if (format.Description is { } description) json.WriteString("description"u8, description);
            if (format.Strict) json.WriteBoolean("strict"u8, true);
            json.WritePropertyName("schema"u8);
            json.WriteRawValue(schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // A budget has no place here. Anthropic's least is 1,024 tokens, and its models' own default is about the middle step.
    private static string? Effort(Reasoning? reasoning) => reasoning switch
    {
        null => null,
        { Effort: Most } => "high",
        { BudgetTokens: null } => reasoning.Effort,
        { BudgetTokens: 0 } => "none",
        { BudgetTokens: < 4096 } => "low",
        { BudgetTokens: < 16_384 } => "medium",
        _ => "high",
    };

    private static void Account(ChatRequest request, WireQuirks quirks, Utf8JsonWriter json)
    {
        if (request.EndUser is { } user && !quirks.IsRefused("user")) json.WriteString("user"u8, user);
        if (request.ServiceTier is { } tier) json.WriteString("service_tier"u8, tier == "standard_only" ? "default" : tier); // Anthropic's word for it.
        if (request.Verbosity is { } verbosity) json.WriteString("verbosity"u8, verbosity);
        if (request.Metadata.IsEmpty || quirks.IsRefused("metadata")) return;
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in request.Metadata) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
