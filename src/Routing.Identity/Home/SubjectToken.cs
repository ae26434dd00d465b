using System.Buffers.Text;
using System.Text.Json;
using Routing.Core.Credentials;
using Routing.Core.Snapshots;

namespace Routing.Identity.Home;

/// <summary>
/// A token of the process's home and what it says. Its signature is the other cloud's business; here it is held against what the account pins,
/// so that a token of another workload never leaves the process.
/// </summary>
internal sealed record SubjectToken(string Value, string Issuer, string Subject, string Audience, DateTimeOffset ExpiresAt)
{
    // The longest that AWS STS takes.
    private const int Longest = 20_000;

    public override string ToString() => $"{Subject} ***";

    /// <exception cref="CredentialException">It is no token, has ended, or is not the one that the account pins.</exception>
    public static SubjectToken Read(string value, FederationConfig pinned, TimeProvider time)
    {
        if (value.Length > Longest) throw Refused($"The home's token has {value.Length} characters; at most {Longest} are taken.", "Check what the home puts into its token.");
        var token = TryParse(value) ?? throw Refused("The home's token is not a JWT.", "Check that Identity:Home is what this process runs on.");
        Pin("issuer", token.Issuer, pinned.Issuer);
        Pin("subject", token.Subject, pinned.Subject);
        Pin("audience", token.Audience, pinned.Audience);
        if (token.ExpiresAt <= time.GetUtcNow())
        {
            throw Refused($"The home's token ended at {token.ExpiresAt.Spelled()}.", "Check that whatever renews it is running, and this machine's clock.");
        }
        return token;
    }

    public void Note(ChainLog? log) => log?.Done(CredentialStep.SubjectToken, "The home gave a token, and it is the one the account pins.",
        ("issuer", Issuer), ("subject", Subject), ("audience", Audience), ("ends", ExpiresAt.Spelled()));

    private static void Pin(string claim, string got, string pinned)
    {
        if (string.Equals(got, pinned, StringComparison.Ordinal)) return;
        throw Refused($"The home's token has the {claim} '{Shown(got)}'; the account pins '{Shown(pinned)}'.",
            $"Correct the {claim} in the account, or give this process the identity that is meant. The token was not sent anywhere.");
    }

    private static SubjectToken? TryParse(string value)
    {
        if (value.Split('.') is not [_, var body, _]) return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            var root = claims.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            var ends = root.TryGetProperty("exp", out var exp) && exp.ValueKind == JsonValueKind.Number && exp.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.MinValue;
            return new SubjectToken(value, Text(root, "iss"), Text(root, "sub"), Text(root, "aud"), ends);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    // An audience may be a list; of more than one none is exact.
    private static string Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value)) return "";
        if (value.ValueKind == JsonValueKind.Array) return string.Join(' ', value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : "?"));
        return value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
    }

    private static string Shown(string value)
    {
        var text = value.Length > 120 ? value[..120] + "…" : value;
        return string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }

    private static CredentialException Refused(string what, string advice) => new(what) { Step = CredentialStep.SubjectToken, Advice = advice };
}
