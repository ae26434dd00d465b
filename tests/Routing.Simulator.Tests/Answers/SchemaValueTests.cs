using System.Text.Json;
using Routing.Simulator.Answers;

namespace Routing.Simulator.Tests.Answers;

public sealed class SchemaValueTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","minimum":3,"maximum":3},"b":{"type":"boolean"}}}""", "a:Number")]
    [InlineData("""{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["x"]}}}""", "a:String")]
    [InlineData("""{"properties":{"a":{"type":["null","array"],"items":{"type":"number"},"minItems":2}}}""", "a:Array")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/Point"}},"$defs":{"Point":{"type":"object","properties":{"x":{"type":"number"}}}}}""", "a:Object")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string"}]}}}""", "a:Null")]
    [InlineData("""{"type":"object","properties":{"a":{"const":"only"}}}""", "a:String")]
    public void Of_Schema_ValueHasItsTypes(string schema, string expected)
    {
        var member = Make(schema).EnumerateObject().First();

        Assert.Equal(expected, $"{member.Name}:{member.Value.ValueKind}");
    }

    [Fact]
    public void Of_NumberLimits_AreKept()
    {
        for (ulong seed = 0; seed < 50; seed++)
            Assert.InRange(Make("""{"type":"object","properties":{"n":{"type":"integer","minimum":5,"exclusiveMaximum":8}}}""", seed).GetProperty("n").GetInt32(), 5, 7);
    }

    [Fact]
    public void Of_StringLimits_AreKept()
    {
        var value = Make("""{"type":"object","properties":{"s":{"type":"string","minLength":30},"t":{"type":"string","maxLength":2}}}""");

        Assert.True(value.GetProperty("s").GetString()!.Length >= 30); // Strings have texts.
        Assert.True(value.GetProperty("t").GetString()!.Length <= 2); // As above.
    }

    [Fact]
    public void Of_SchemaThatRefersToItself_Ends()
    {
        var tree = Make("""{"$ref":"#/$defs/Node","$defs":{"Node":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"child":{"$ref":"#/$defs/Node"}}}}}""");

        Assert.Equal(JsonValueKind.String, tree.GetProperty("name").ValueKind);
    }

    private static JsonElement Make(string schema, ulong seed = 1) =>
        JsonDocument.Parse(SchemaValue.Of(JsonDocument.Parse(schema).RootElement, new StableRandom(seed))).RootElement;
}
