using System.Collections.Immutable;
using System.Net.Http.Headers;
using Routing.Core.Credentials;
using Routing.Core.Health;
using Routing.Core.Llm;
using Routing.Core.Pricing;
using Routing.Core.Providers;

namespace Routing.Core.Tables;

/// <summary>A model endpoint as a request uses it: everything that can be worked out beforehand has been.</summary>
public sealed class ModelEndpoint
{
    public required string Id { get; init; }

    /// <summary>The model's name as callers may see it: of an ARN the last part only, for the rest names the account.</summary>
    public required string Model { get; init; }

    /// <summary>Tokens of input and output together; 0 = unknown.</summary>
    public int ContextTokens { get; init; }

    /// <summary>Where what it is sent stays; empty: nowhere in particular.</summary>
    public string Residency { get; init; } = "";
    public PriceList Prices { get; init; } = PriceList.Empty;
    public required IProviderAdapter Adapter { get; init; }
    public required ModelTarget Target { get; init; }

    /// <summary>The same for calls whose cost is limited.</summary>
    internal ModelTarget BoundTarget => field ??= Target with { BoundsAnswer = true };

    /// <summary>By <see cref="CallerApi"/>.</summary>
    public required EndpointApi[] Apis { get; init; }
    public required ICloudTokenSource Credentials { get; init; }
    public required EndpointHealth Health { get; init; }

    public EndpointApi Api(CallerApi api) => Apis[(int)api];
}

/// <summary>What a model endpoint does for calls of one API: nothing, when it has no capabilities for them.</summary>
public sealed record EndpointApi(Capabilities Capabilities, ImmutableArray<Approximation> Approximations, EndpointCall Unary, EndpointCall Stream)
{
    public EndpointCall Call(bool stream) => stream ? Stream : Unary;
}

/// <summary>The address and the fixed headers of one mode of a model endpoint.</summary>
public sealed record EndpointCall(Uri Address, string Accept, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>Host and port, worked out once: <see cref="Uri.Authority"/> makes a new string each time.</summary>
    public string Origin { get; } = Address.Authority;

    /// <summary><see cref="Accept"/>, parsed once.</summary>
    internal MediaTypeWithQualityHeaderValue AcceptValue { get; } = new(Accept);
}
