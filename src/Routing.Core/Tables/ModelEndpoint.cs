using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Providers;

namespace Routing.Core.Tables;

/// <summary>A model endpoint as a request uses it: everything that can be worked out beforehand has been.</summary>
public sealed class ModelEndpoint
{
    public required string Id { get; init; }
    public required string Model { get; init; }
    public required IProviderAdapter Adapter { get; init; }
    public required ModelTarget Target { get; init; }
    public required EndpointCall Unary { get; init; }
    public required EndpointCall Stream { get; init; }
    public required Capabilities Capabilities { get; init; }
    public required ICloudTokenSource Credentials { get; init; }
    public required EndpointHealth Health { get; init; }

    public EndpointCall Call(bool stream) => stream ? Stream : Unary;
}

/// <summary>The address and Accept header of one mode of a model endpoint.</summary>
public sealed record EndpointCall(Uri Address, string Accept);
