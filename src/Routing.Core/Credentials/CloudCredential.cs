namespace Routing.Core.Credentials;

/// <summary>What proves who we are to a provider. Closed set; <see cref="object.ToString"/> never shows the value.</summary>
public abstract record CloudCredential
{
    public sealed override string ToString() => GetType().Name + " ***";
}

/// <summary>A fixed key sent in a header.</summary>
public sealed record ApiKeyCredential(string Key) : CloudCredential;

/// <summary>AWS keys that sign a request; <paramref name="SessionToken"/> is set for temporary ones.</summary>
public sealed record AwsCredential(string AccessKeyId, string SecretAccessKey, string? SessionToken = null) : CloudCredential;

/// <summary>A bearer token with its end of life.</summary>
public sealed record BearerCredential(string Token, DateTimeOffset ExpiresAt) : CloudCredential;

/// <summary>Nothing is sent: a model server of one's own that asks for nothing.</summary>
public sealed record NoCredential : CloudCredential
{
    public static readonly NoCredential Instance = new();
}
