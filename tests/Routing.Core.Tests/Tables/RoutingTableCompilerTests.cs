using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Snapshots;
using Routing.Core.Tables;
using Routing.Core.Tests.Simulation;
using Routing.Core.Tests.Snapshots;
using TestKit;

namespace Routing.Core.Tests.Tables;

public sealed class RoutingTableCompilerTests
{
    [Theory]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", "abc123")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct")]
    public void Compile_NameOfAModel_IsShownWithoutItsAccount(string model, string shown)
    {
        var snapshot = SampleWorld.Snapshot;
        var endpoint = snapshot.ModelEndpoints[0] with { Model = model };
        var compiler = new RoutingTableCompiler(new EndpointHealthRegistry(new ManualTime(), 1), _ => new StaticTokenSource(new ApiKeyCredential("k")), 1);
        var table = compiler.Compile(snapshot with { ModelEndpoints = snapshot.ModelEndpoints.SetItem(0, endpoint) }, new EdgeOverlay(), "e");
        Assert.Equal((shown, model), (table.Endpoints[endpoint.Id].Model, table.Endpoints[endpoint.Id].Target.Model));
    }

    [Fact]
    public void Compile_ATableForEachFewCalls_DrawsAsOneTableWould()
    {
        var feature = SelectionTable.Feature(99, 1);
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var health = new EndpointHealthRegistry(new ManualTime(), 1);
            var standing = SelectionTable.Compile(health, [feature], [], seed).Features["f"];
            RoutingTable? table = null;
            for (var i = 0; i < 300; i++)
            {
                if (i % 3 == 0) table = SelectionTable.Compile(health, [feature], [], seed, previous: table);
                Assert.Equal(standing.Draw(100), table!.Features["f"].Draw(100));
            }
        }
    }
}
