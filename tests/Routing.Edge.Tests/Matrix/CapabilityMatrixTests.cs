using Routing.Core.Dispatch;
using Routing.Core.Llm;
using Routing.Core.Providers;
using TestKit;

namespace Routing.Edge.Tests.Matrix;

/// <summary>That docs/capabilities.md says what happens: what is refused is refused by its name, what is carried is sent.</summary>
public sealed class CapabilityMatrixTests
{
    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var (api, wire, need) in All()) cells.Add($"{api} {wire.Name}", need.Bit.ToString());
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_SaysWhatHappens(string column, string row)
    {
        var (api, wire, need) = All().Single(c => $"{c.Api} {c.Wire.Name}" == column && c.Need.Bit.ToString() == row);
        var support = wire.Support(api);
        if ((support.Carries & need.Bit) == Capabilities.None)
        {
            await AssertRefusedAsync(api, wire, need);
            return;
        }

        // What is met only nearly may be left out: the caller is told.
        if (!support.Approximations.Any(a => a.Need == need.Bit)) Assert.NotEqual(wire.Sent(api, need.Without), wire.Sent(api, need.With), StringComparer.Ordinal);
        else Assert.NotEmpty(wire.Sent(api, need.With));
    }

    [Fact]
    public void Rows_EveryNeed_HasOne()
    {
        var rows = Need.OfChat.Concat(Need.OfMessages).Concat(ResponsesNeeds.All).Concat(Need.OfCounting).Concat(Need.OfEmbeddings).Aggregate(Need.OfOtherApis, (all, need) => all | need.Bit);
        foreach (var need in Enum.GetValues<Capabilities>()) Assert.True(rows.HasFlag(need), $"{need} has no row in Matrix/Need.cs.");
    }

    [Fact]
    public void Rows_Samples_DifferInTheirNeedOnly()
    {
        foreach (var (api, needs) in new[] { (CallerApi.ChatCompletions, Need.OfChat), (CallerApi.Messages, Need.OfMessages), (CallerApi.Responses, ResponsesNeeds.All), (CallerApi.Embeddings, Need.OfEmbeddings) })
        {
            foreach (var need in needs)
            {
                Assert.True(Need.Read(api, need.With).Needs.HasFlag(need.Bit), need.Field);
                if (need.Bit is not (Capabilities.Text or Capabilities.Embeddings)) Assert.False(Need.Read(api, need.Without).Needs.HasFlag(need.Bit), need.Field);
            }
        }
    }

    private static async Task AssertRefusedAsync(CallerApi api, Wire wire, Need need)
    {
        using var transport = new ProviderTransport(new AddressRules([]), TimeProvider.System);
        var dispatcher = new ChatDispatcher(transport, new ManualTime());
        var call = Need.Read(api, need.With);
        var identity = new RequestIdentity(Guid.Empty, default, 0, "tests");

        var result = await dispatcher.DispatchAsync(call, wire.Table.Features["f"], wire.Table, identity, new NoAnswer(), default);

        Assert.Equal(FailureKind.CapabilityUnsupported, result.Failure!.Kind);
        Assert.Empty(result.Event.Attempts);
        if (wire.Support(api) != WireSupport.None) Assert.NotNull(result.Failure.Param);
    }

    private static IEnumerable<(CallerApi Api, Wire Wire, Need Need)> All() =>
        Wire.OfChat.SelectMany(w => Need.OfChat.Select(n => (CallerApi.ChatCompletions, w, n)))
            .Concat(Wire.OfChat.SelectMany(w => Need.OfMessages.Select(n => (CallerApi.Messages, w, n))))
            .Concat(Wire.OfChat.SelectMany(w => ResponsesNeeds.All.Select(n => (CallerApi.Responses, w, n))))
            .Concat(Wire.OfChat.SelectMany(w => Need.OfCounting.Select(n => (CallerApi.CountTokens, w, n))))
            .Concat(Wire.OfEmbeddings.SelectMany(w => Need.OfEmbeddings.Select(n => (CallerApi.Embeddings, w, n))));

    private sealed class NoAnswer : IChatAnswer
    {
        public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => default;

        public void Begin(in AnswerHead head) => Assert.Fail("Somebody answered.");

        public void GoOn(in AnswerHead head) => Assert.Fail("Somebody went on.");

        public void Write(List<ChatEvent> events) => Assert.Fail("Somebody answered.");

        public ValueTask FlushAsync(CancellationToken cancellationToken) => default;
    }
}
