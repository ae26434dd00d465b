using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Routing.Simulator.Faults;

namespace Clients.Tests.Faults;

/// <summary>The vendors' clients try again by themselves: not what was tried already, for each of their tries is one of ours with all its own.</summary>
public sealed class ClientRetryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TriedElsewhere_ClientThatTriesTwiceMore_DoesNot(bool withBackup)
    {
        await using var lab = await FaultLab.StartAsync(FaultRows.Of("anthropic", withBackup ? "openai" : null));
        lab.Break(lab.Binding.Primary, new FaultRule { Kind = FaultKind.Overloaded });
        if (withBackup) lab.Break(lab.Binding.Backup!, new FaultRule { Kind = FaultKind.Internal });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var client = new AnthropicClient { BaseUrl = lab.Edge.ToString().TrimEnd('/'), ApiKey = EdgeAndClouds.CallerKey, MaxRetries = 2, HttpClient = http };

        var asking = client.Messages.Create(new MessageCreateParams
        {
            Model = FaultLab.Feature, MaxTokens = 500, Messages = [new UserMessageParam(FaultLab.Question)],
        });
        await lab.PassPauseAsync(asking, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750));

        await Assert.ThrowsAnyAsync<AnthropicApiException>(() => asking);
        Assert.Equal(withBackup ? 1 : 2, lab.Seen(lab.Binding.Primary).Count); // Whoever is asked last is asked twice.
        if (withBackup) Assert.Equal(2, lab.Seen(lab.Binding.Backup!).Count);
    }
}
