using System.Net.Http.Json;
using System.Text.Json;
using Routing.Simulator.Faults;

namespace Routing.Simulator.Tests.Faults;

/// <summary>Each fault that is a refusal, in each provider's own status and words.</summary>
public sealed class RefusalTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("bedrock", FaultKind.RateLimited, 429, "ThrottlingException")]
    [InlineData("bedrock", FaultKind.ReservedExhausted, 429, "provisioned throughput")]
    [InlineData("bedrock", FaultKind.SpendLimit, 403, "AccessDeniedException")]
    [InlineData("bedrock", FaultKind.Capacity, 503, "ServiceUnavailableException")]
    [InlineData("bedrock", FaultKind.Unavailable, 503, "ServiceUnavailableException")]
    [InlineData("bedrock", FaultKind.Overloaded, 503, "ServiceUnavailableException")]
    [InlineData("bedrock", FaultKind.Internal, 500, "InternalServerException")]
    [InlineData("bedrock", FaultKind.Unauthenticated, 403, "ExpiredTokenException")]
    [InlineData("bedrock", FaultKind.Forbidden, 403, "AccessDeniedException")]
    [InlineData("bedrock", FaultKind.NotFound, 404, "ResourceNotFoundException")]
    [InlineData("bedrock", FaultKind.ContextTooLong, 400, "Input is too long")]
    [InlineData("bedrock", FaultKind.InvalidRequest, 400, "ValidationException")]
    [InlineData("bedrock", FaultKind.RequestTooLarge, 413, "RequestEntityTooLargeException")]
    [InlineData("bedrock", FaultKind.UpstreamTimeout, 408, "ModelTimeoutException")]
    [InlineData("bedrock", FaultKind.ModelNotReady, 429, "ModelNotReadyException")]
    [InlineData("bedrock", FaultKind.ModelError, 424, "ModelErrorException")]
    [InlineData("bedrock", FaultKind.Conflict, 400, "ConflictException")]
    [InlineData("bedrock", FaultKind.UnknownError, 418, "novel_condition")]
    [InlineData("vertex", FaultKind.RateLimited, 429, "RATE_LIMIT_EXCEEDED")]
    [InlineData("vertex", FaultKind.ReservedExhausted, 429, "Exceeded the Provisioned Throughput.")]
    [InlineData("vertex", FaultKind.SpendLimit, 403, "BILLING_DISABLED")]
    [InlineData("vertex", FaultKind.Capacity, 429, "Resource exhausted, please try again later.")]
    [InlineData("vertex", FaultKind.Unavailable, 503, "UNAVAILABLE")]
    [InlineData("vertex", FaultKind.Internal, 500, "INTERNAL")]
    [InlineData("vertex", FaultKind.Unauthenticated, 401, "ACCESS_TOKEN_EXPIRED")]
    [InlineData("vertex", FaultKind.Forbidden, 403, "IAM_PERMISSION_DENIED")]
    [InlineData("vertex", FaultKind.NotFound, 404, "NOT_FOUND")]
    [InlineData("vertex", FaultKind.ContextTooLong, 400, "input token count")]
    [InlineData("vertex", FaultKind.InvalidRequest, 400, "INVALID_ARGUMENT")]
    [InlineData("vertex", FaultKind.RequestTooLarge, 400, "payload size exceeds")]
    [InlineData("vertex", FaultKind.UpstreamTimeout, 504, "DEADLINE_EXCEEDED")]
    [InlineData("vertex", FaultKind.ModelNotReady, 503, "UNAVAILABLE")]
    [InlineData("vertex", FaultKind.ModelError, 500, "INTERNAL")]
    [InlineData("vertex", FaultKind.Conflict, 409, "ABORTED")]
    [InlineData("vertex", FaultKind.UnknownError, 418, "NOVEL_CONDITION")]
    [InlineData("azure", FaultKind.RateLimited, 429, "Rate limit is exceeded")]
    [InlineData("azure", FaultKind.ReservedExhausted, 429, "provisioned throughput")]
    [InlineData("azure", FaultKind.SpendLimit, 403, "spending limit")]
    [InlineData("azure", FaultKind.Capacity, 429, "high demand")]
    [InlineData("azure", FaultKind.Unavailable, 503, "temporarily unable")]
    [InlineData("azure", FaultKind.Internal, 500, "InternalServerError")]
    [InlineData("azure", FaultKind.Unauthenticated, 401, "invalid subscription key")]
    [InlineData("azure", FaultKind.Forbidden, 403, "Virtual Network/Firewall")]
    [InlineData("azure", FaultKind.NotFound, 404, "DeploymentNotFound")]
    [InlineData("azure", FaultKind.ContextTooLong, 400, "context_length_exceeded")]
    [InlineData("azure", FaultKind.InvalidRequest, 400, "invalid_request_error")]
    [InlineData("azure", FaultKind.RequestTooLarge, 413, "RequestEntityTooLarge")]
    [InlineData("azure", FaultKind.UpstreamTimeout, 408, "Timeout")]
    [InlineData("azure", FaultKind.ModelNotReady, 503, "temporarily unable")]
    [InlineData("azure", FaultKind.ModelError, 424, "FailedDependency")]
    [InlineData("azure", FaultKind.Conflict, 409, "Conflict")]
    [InlineData("azure", FaultKind.UnknownError, 418, "novel_condition")]
    [InlineData("openai", FaultKind.RateLimited, 429, "rate_limit_exceeded")]
    [InlineData("openai", FaultKind.ReservedExhausted, 429, "rate_limit_exceeded")]
    [InlineData("openai", FaultKind.SpendLimit, 429, "insufficient_quota")]
    [InlineData("openai", FaultKind.Capacity, 503, "server_is_overloaded")]
    [InlineData("openai", FaultKind.Overloaded, 503, "server_is_overloaded")]
    [InlineData("openai", FaultKind.Unavailable, 503, "service_unavailable_error")]
    [InlineData("openai", FaultKind.Internal, 500, "server_error")]
    [InlineData("openai", FaultKind.Unauthenticated, 401, "invalid_api_key")]
    [InlineData("openai", FaultKind.Forbidden, 403, "unsupported_country_region_territory")]
    [InlineData("openai", FaultKind.NotFound, 404, "model_not_found")]
    [InlineData("openai", FaultKind.ContextTooLong, 400, "context_length_exceeded")]
    [InlineData("openai", FaultKind.InvalidRequest, 400, "invalid_request_error")]
    [InlineData("openai", FaultKind.RequestTooLarge, 413, "request_too_large")]
    [InlineData("openai", FaultKind.UpstreamTimeout, 504, "server_error")]
    [InlineData("openai", FaultKind.ModelNotReady, 503, "service_unavailable_error")]
    [InlineData("openai", FaultKind.ModelError, 500, "server_error")]
    [InlineData("openai", FaultKind.Conflict, 409, "conflict_error")]
    [InlineData("openai", FaultKind.UnknownError, 418, "novel_condition")]
    [InlineData("anthropic", FaultKind.RateLimited, 429, "rate_limit_error")]
    [InlineData("anthropic", FaultKind.RampTooFast, 429, "acceleration limit")]
    [InlineData("anthropic", FaultKind.QuotaExceeded, 429, "rate_limit_error")]
    [InlineData("anthropic", FaultKind.ReservedExhausted, 429, "rate_limit_error")]
    [InlineData("anthropic", FaultKind.SpendLimit, 402, "billing_error")]
    [InlineData("anthropic", FaultKind.Capacity, 529, "overloaded_error")]
    [InlineData("anthropic", FaultKind.Overloaded, 529, "overloaded_error")]
    [InlineData("anthropic", FaultKind.Unavailable, 503, "api_error")]
    [InlineData("anthropic", FaultKind.Internal, 500, "api_error")]
    [InlineData("anthropic", FaultKind.Unauthenticated, 401, "authentication_error")]
    [InlineData("anthropic", FaultKind.Forbidden, 403, "permission_error")]
    [InlineData("anthropic", FaultKind.NotFound, 404, "not_found_error")]
    [InlineData("anthropic", FaultKind.WrongModelForm, 404, "not_found_error")]
    [InlineData("anthropic", FaultKind.ContextTooLong, 400, "prompt is too long")]
    [InlineData("anthropic", FaultKind.InvalidRequest, 400, "invalid_request_error")]
    [InlineData("anthropic", FaultKind.RequestTooLarge, 413, "request_too_large")]
    [InlineData("anthropic", FaultKind.UpstreamTimeout, 504, "timeout_error")]
    [InlineData("anthropic", FaultKind.ModelNotReady, 529, "overloaded_error")]
    [InlineData("anthropic", FaultKind.ModelError, 500, "api_error")]
    [InlineData("anthropic", FaultKind.Conflict, 409, "conflict_error")]
    [InlineData("anthropic", FaultKind.UnknownError, 418, "novel_condition")]
    [InlineData("bedrock", FaultKind.RampTooFast, 429, "Too many tokens")]
    [InlineData("bedrock", FaultKind.QuotaExceeded, 400, "ServiceQuotaExceededException")]
    [InlineData("bedrock", FaultKind.WrongModelForm, 400, "on-demand throughput")]
    [InlineData("vertex", FaultKind.QuotaExceeded, 429, "RESOURCE_QUOTA_EXCEEDED")]
    [InlineData("vertex", FaultKind.RampTooFast, 429, "RATE_LIMIT_EXCEEDED")]
    [InlineData("vertex", FaultKind.WrongModelForm, 404, "NOT_FOUND")]
    [InlineData("azure", FaultKind.RampTooFast, 429, "have been limited")]
    [InlineData("azure", FaultKind.WrongModelForm, 404, "DeploymentNotFound")]
    [InlineData("openai", FaultKind.RampTooFast, 429, "slow_down")]
    [InlineData("openai", FaultKind.WrongModelForm, 404, "model_not_found")]
    public async Task Fault_Refusal_ProvidersStatusAndWords(string wire, FaultKind kind, int status, string words)
    {
        var model = $"refusal-{FaultNames.Of(kind)}";
        Assert.True(simulator.Host.Faults.Set($"{wire}/*/{model}", new FaultRule { Kind = kind }));
        using var request = AnyWire.Request(wire, model);
        using var response = await simulator.Http.SendAsync(request);
        var told = string.Join(' ', response.Headers.Where(h => h.Key == "x-amzn-errortype").SelectMany(h => h.Value)) + await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(words, told, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(FaultNames.Of(kind), simulator.Host.Log.After(0, 10_000).Last(c => c.Model == model && c.Wire == wire).Outcome);
    }

    [Theory]
    [InlineData("bedrock", "retry-after", "2")]
    [InlineData("azure", "retry-after-ms", "1500")]
    [InlineData("azure", "retry-after", "2")]
    [InlineData("openai", "retry-after", "2")]
    [InlineData("openai", "x-ratelimit-reset-tokens", "1.5s")]
    [InlineData("anthropic", "retry-after", "2")]
    [InlineData("anthropic", "anthropic-ratelimit-input-tokens-remaining", "0")]
    [InlineData("claude", "retry-after", "2")]
    public async Task RateLimited_WithHint_InItsHeader(string wire, string header, string value)
    {
        simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/hinted", new FaultRule { Kind = FaultKind.RateLimited, RetryAfterMs = 1500 });
        using var request = AnyWire.Request(wire, "hinted");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(value, response.Headers.GetValues(header).Single());
    }

    [Theory]
    [InlineData(HintSpelling.Seconds, 1500, "retry-after", "^2$")]
    [InlineData(HintSpelling.Milliseconds, 1500, "retry-after-ms", "^1500$")]
    [InlineData(HintSpelling.HttpDate, 1500, "retry-after", @"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")]
    [InlineData(HintSpelling.GoDuration, 20, "x-ratelimit-reset-tokens", "^20ms$")]
    [InlineData(HintSpelling.GoDuration, 360_000, "x-ratelimit-reset-tokens", "^6m0s$")]
    [InlineData(HintSpelling.GoDuration, 3_690_500, "x-ratelimit-reset-tokens", @"^1h1m30\.5s$")]
    [InlineData(HintSpelling.Rfc3339, 1500, "anthropic-ratelimit-tokens-reset", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    public async Task RateLimited_HintSpelt_AsAskedForOnEveryWire(HintSpelling hint, int ms, string header, string form)
    {
        foreach (var wire in (string[])["bedrock", "vertex", "azure", "openai", "anthropic", "claude"])
        {
            var model = $"spelt-{hint}-{ms}";
            simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/{model}", new FaultRule { Kind = FaultKind.RateLimited, RetryAfterMs = ms, Hint = hint });
            using var request = AnyWire.Request(wire, model);
            using var response = await simulator.Http.SendAsync(request);

            Assert.Matches(form, response.Headers.GetValues(header).Single());
        }
    }

    [Theory]
    [InlineData("credit_balance_exhausted")]
    [InlineData("organization_spend_limit_exceeded")]
    [InlineData("organization_usage_limit_exceeded")]
    [InlineData("project_spend_limit_exceeded")]
    public async Task SpendLimit_OpenAIWord_IsTheCode(string word)
    {
        simulator.Host.Faults.Set($"openai/*/{word}", new FaultRule { Kind = FaultKind.SpendLimit, Word = word });
        using var request = AnyWire.Request("openai", word);
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(word, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("bedrock", "guardrail_intervened content_filtered model_context_window_exceeded malformed_model_output malformed_tool_use end_turn max_tokens stop_sequence tool_use novel_reason")]
    [InlineData("vertex", "SAFETY BLOCKLIST PROHIBITED_CONTENT SPII MODEL_ARMOR IMAGE_SAFETY RECITATION IMAGE_RECITATION MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS OTHER LANGUAGE FINISH_REASON_UNSPECIFIED NO_IMAGE IMAGE_OTHER NOVEL_REASON")]
    [InlineData("azure", "stop length tool_calls function_call content_filter novel_reason")]
    [InlineData("openai", "stop length tool_calls function_call content_filter novel_reason")]
    [InlineData("anthropic", "end_turn max_tokens stop_sequence tool_use pause_turn refusal model_context_window_exceeded novel_reason")]
    [InlineData("claude", "pause_turn refusal novel_reason")]
    public async Task StopReason_EveryWordOfTheWire_WholeAndStreamed(string wire, string words)
    {
        foreach (var word in words.Split(' '))
        {
            simulator.Host.Faults.Set($"{AnyWire.KeyOf(wire)}/*/stop-{word}", new FaultRule { Kind = FaultKind.StopReason, Word = word });
            foreach (var streamed in (bool[])[false, true])
            {
                using var request = AnyWire.Request(wire, $"stop-{word}", streamed);
                using var response = await simulator.Http.SendAsync(request);
                Assert.Contains($"\"{word}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task RateLimited_VertexWithHint_InRetryInfo()
    {
        simulator.Host.Faults.Set("vertex/*/hinted", new FaultRule { Kind = FaultKind.RateLimited, RetryAfterMs = 1500 });
        using var request = AnyWire.Request("vertex", "hinted");
        using var response = await simulator.Http.SendAsync(request);
        var details = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("details");

        Assert.Equal("1.5s", details[1].GetProperty("retryDelay").GetString());
    }

    [Theory]
    [InlineData("bedrock")]
    [InlineData("azure")]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task RateLimited_WithoutHint_NoHeader(string wire)
    {
        simulator.Host.Faults.Set($"{wire}/*/unhinted", new FaultRule { Kind = FaultKind.RateLimited });
        using var request = AnyWire.Request(wire, "unhinted");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Null(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("azure", 400, "content_filter")]
    [InlineData("openai", 400, "content_policy_violation")]
    [InlineData("vertex", 200, "\"blockReason\":\"PROHIBITED_CONTENT\"")]
    [InlineData("bedrock", 200, "\"stopReason\":\"guardrail_intervened\"")]
    [InlineData("anthropic", 200, "\"stop_reason\":\"refusal\"")]
    public async Task ContentFilter_OnPrompt_EachInItsWay(string wire, int status, string words)
    {
        simulator.Host.Faults.Set($"{wire}/*/prompt-filter", new FaultRule { Kind = FaultKind.ContentFilter, OnPrompt = true });
        using var request = AnyWire.Request(wire, "prompt-filter");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azure", "\"finish_reason\":\"content_filter\"")]
    [InlineData("openai", "\"finish_reason\":\"content_filter\"")]
    [InlineData("vertex", "\"finishReason\":\"SAFETY\"")]
    [InlineData("bedrock", "\"stopReason\":\"content_filtered\"")]
    [InlineData("anthropic", "\"stop_reason\":\"refusal\"")]
    public async Task ContentFilter_OnAnswer_IsTheStopReason(string wire, string words)
    {
        simulator.Host.Faults.Set($"{wire}/*/answer-filter", new FaultRule { Kind = FaultKind.ContentFilter });
        foreach (var streamed in (bool[])[false, true])
        {
            using var request = AnyWire.Request(wire, "answer-filter", streamed);
            using var response = await simulator.Http.SendAsync(request);
            Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("azure", "\"finish_reason\":\"fell_asleep\"")]
    [InlineData("openai", "\"finish_reason\":\"fell_asleep\"")]
    [InlineData("vertex", "\"finishReason\":\"FELL_ASLEEP\"")]
    [InlineData("bedrock", "\"stopReason\":\"fell_asleep\"")]
    [InlineData("anthropic", "\"stop_reason\":\"fell_asleep\"")]
    public async Task UnknownStop_Word_IsTheStopReason(string wire, string words)
    {
        simulator.Host.Faults.Set($"{wire}/*/unknown-stop", new FaultRule { Kind = FaultKind.UnknownStop, Word = "fell_asleep" });
        using var request = AnyWire.Request(wire, "unknown-stop");
        using var response = await simulator.Http.SendAsync(request);

        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
