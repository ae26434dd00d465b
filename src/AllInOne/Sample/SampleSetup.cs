using System.Security.Cryptography;
using System.Text;
using ControlPlane.Web.Access;
using ControlPlane.Web.Data;
using ControlPlane.Web.Edges;
using ControlPlane.Web.ProviderAccounts;
using ControlPlane.Web.Publishing;
using Routing.Core.Snapshots;

namespace AllInOne.Sample;

/// <summary>Puts the sample set-up into an empty control plane: draft, credentials, first revision. Does nothing when a revision exists.</summary>
internal static class SampleSetup
{
    private static readonly Actor SetUp = Actor.Process("sample set-up");

    /// <summary>True when the database was empty and now holds the sample.</summary>
    public static async Task<bool> SeedAsync(IServiceProvider plane, Uri clouds, SampleCredentials credentials, bool federated, CancellationToken cancellationToken)
    {
        if (!clouds.IsLoopback) throw new InvalidOperationException($"The sample set-up runs on loopback only; Simulator:Listen is {clouds}.");
        var publisher = plane.GetRequiredService<SnapshotPublisher>();
        if ((await publisher.StateAsync(cancellationToken)).Live > 0) return false;

        var world = SampleWorld.Build(clouds, Caller(credentials));
        await publisher.ImportAsync(SetUp, federated ? SampleTrust.Federated(world) : world, cancellationToken);
        var accounts = plane.GetRequiredService<ProviderAccountStore>();
        if (!federated)
        {
            foreach (var (account, fields) in credentials.Secrets()) Check(await accounts.SetSecretAsync(SetUp, account, fields, cancellationToken));
        }
        Check(await publisher.PublishAsync(SetUp, "Sample set-up", seen: 0, cancellationToken));
        return true;
    }

    public static async Task<string> EnrolmentAsync(IServiceProvider plane, string edge, CancellationToken cancellationToken) =>
        (await plane.GetRequiredService<EdgeStore>().CreateEnrolmentAsync(SetUp, edge, cancellationToken)).Token;

    private static CallerConfig Caller(SampleCredentials credentials) => new()
    {
        Id = "sample-app",
        Name = "Sample application",
        Features = ["*"],
        Keys = [new CallerKeyConfig { Prefix = credentials.CallerKey[..8], Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credentials.CallerKey))) }],
    };

    private static void Check<T>(SaveResult<T> result) where T : class
    {
        if (result.Ok) return;
        throw new InvalidOperationException("The sample set-up was refused: " + string.Join(" ", result.Problems.Select(p => $"{p.Path}: {p.Message}")));
    }
}
