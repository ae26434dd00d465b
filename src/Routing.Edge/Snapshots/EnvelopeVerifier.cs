using System.Security.Cryptography;
using System.Text.Json;
using Routing.Core.Snapshots;

namespace Routing.Edge.Snapshots;

/// <summary>Whether an envelope is from our control plane, for us, and whole. Says nothing about what it configures.</summary>
internal sealed class EnvelopeVerifier(EdgeIdentity identity) : IDisposable
{
    private readonly ECDsa _signer = Import(identity.SigningKey);

    /// <summary>The envelope, or a refusal that says which check it failed. Nothing is parsed before the signature holds.</summary>
    public EdgeEnvelope? TryOpen(SealedEnvelope received, out ApplyOutcome refusal)
    {
        refusal = default;
        if (SnapshotValidator.CheckSize(received.Body.Length) is { } tooLarge)
        {
            refusal = ApplyOutcome.Refused(tooLarge);
            return null;
        }

        if (!_signer.VerifyData(received.Body, received.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            refusal = ApplyOutcome.Refused("", "signature_invalid", "The envelope's signature is not by the control plane this edge enrolled with.");
            return null;
        }

        try
        {
            var envelope = DocumentJson.Read<EdgeEnvelope>(received.Body);
            if (envelope is null) refusal = ApplyOutcome.Refused("", "document_missing", "The envelope is empty.");
            else if (envelope.SchemaVersion != 1) refusal = ApplyOutcome.Refused("schemaVersion", "schema_unknown", $"Envelope schema {envelope.SchemaVersion} is newer than this edge; upgrade the edge first.");
            else if (envelope.EdgeId != identity.EdgeId) refusal = ApplyOutcome.Refused("edgeId", "wrong_edge", $"The envelope is for edge '{envelope.EdgeId}'; this is '{identity.EdgeId}'.");
            else if (envelope.Epoch is null or "" || envelope.Overlay is null || envelope.Revision is null) refusal = ApplyOutcome.Refused("", "document_incomplete", "The envelope lacks its epoch, revision or overlay.");
            else return envelope;
        }
        catch (JsonException e)
        {
            refusal = ApplyOutcome.Refused((e.Path ?? "$").TrimStart('$').TrimStart('.'), "field_invalid", "The envelope cannot be read: a value does not fit its field.");
        }

        return null;
    }

    public void Dispose() => _signer.Dispose();

    private static ECDsa Import(byte[] key)
    {
        var signer = ECDsa.Create();
        signer.ImportSubjectPublicKeyInfo(key, out _);
        return signer;
    }
}
