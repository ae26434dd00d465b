using System.Collections.Immutable;
using ControlPlane.Web.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Data;
using ControlPlane.Web.Jobs;
using ControlPlane.Web.Publishing;
using ControlPlane.Web.Usage;
using Microsoft.EntityFrameworkCore;
using Routing.Core.Credentials;
using Routing.Core.Llm;
using Routing.Core.Snapshots;
using Routing.Core.Usage;
using Routing.Identity;

namespace ControlPlane.Web.ProviderAccounts;

public enum ProofOutcome { Ok, Failed, NotReached }

/// <summary>One step of proving an account: what happened, what to check when it failed, and facts that never hold a token.</summary>
public sealed record ProofStep(string Title, ProofOutcome Outcome, string What, string Check, ImmutableArray<ChainFact> Facts);

/// <summary>
/// Proves an account of the draft, step by step, from this process: obtains the credential anew and makes one tiny call with it.
/// The call is booked like a probe; who asked stands in the audit.
/// </summary>
internal sealed class IdentityProofs(
    IDbContextFactory<ControlPlaneDb> contexts, WriteTransactions transactions, AuditLog audit, DraftReader reader, EndpointProbe probe, UsageIngest ingest)
{
    private const string Call = "Call of the provider";

    /// <summary>Null when there is no such account.</summary>
    public async Task<ImmutableArray<ProofStep>?> RunAsync(Actor actor, string accountId, CancellationToken cancellationToken)
    {
        actor.Require(Role.Operator, "prove provider accounts");
        RoutingSnapshot draft;
        await using (ControlPlaneDb db = await contexts.CreateDbContextAsync(cancellationToken)) draft = await reader.ReadAsync(db, cancellationToken);
        if (draft.Accounts.FirstOrDefault(a => a.Id == accountId) is not { } account) return null;

        ChainReport report = await probe.ProveAsync(account, cancellationToken);
        ImmutableArray<ProofStep> steps = [.. report.Done.Select(Done), .. report.Failure is { } failure ? Broken(account, failure) : [await CallAsync(draft, account, cancellationToken)]];
        ProofStep? failed = steps.FirstOrDefault(s => s.Outcome == ProofOutcome.Failed);
        await transactions.RunAsync(db => audit.AppendAsync(
            db, actor, "provider_account.prove", "provider_account", accountId, null, new { Result = failed is null ? "ok" : $"failed at {failed.Title}" }, "", cancellationToken), cancellationToken);
        return steps;
    }

    private static ProofStep Done(ChainStep step) => new(TitleOf(step.Step), ProofOutcome.Ok, step.What, "", step.Facts);

    private static IEnumerable<ProofStep> Broken(ProviderAccountConfig account, CredentialException failure)
    {
        yield return new(TitleOf(failure.Step), ProofOutcome.Failed, failure.What, failure.Advice, []);
        foreach (CredentialStep later in Enum.GetValues<CredentialStep>().Where(s => s > failure.Step && Takes(account, s)))
            yield return NotReached(TitleOf(later));
        yield return NotReached(Call);
    }

    private static bool Takes(ProviderAccountConfig account, CredentialStep step) => step switch
    {
        CredentialStep.Exchange => account.Credential.Kind is CredentialKind.Federated or CredentialKind.Ambient or CredentialKind.ServiceAccountKey,
        CredentialStep.Impersonation => account.Credential.Federation?.ServiceAccount.Length > 0,
        _ => false,
    };

    private static ProofStep NotReached(string title) => new(title, ProofOutcome.NotReached, "A step before it failed.", "", []);

    private async Task<ProofStep> CallAsync(RoutingSnapshot draft, ProviderAccountConfig account, CancellationToken cancellationToken)
    {
        if (draft.ModelEndpoints.FirstOrDefault(e => e.Account == account.Id) is not { } endpoint)
            return new(Call, ProofOutcome.NotReached, "No model endpoint is behind this account yet, so nothing could be called.", "", []);
        var document = new RoutingSnapshot { Accounts = [account], ModelEndpoints = [endpoint with { Breaker = "" }], Prices = [.. draft.Prices.Where(p => p.ModelEndpoint == endpoint.Id)] };
        ImmutableArray<UsageEvent> events = await probe.RunAsync(document, document.ModelEndpoints, cancellationToken);
        await ingest.StoreAsync(ProbeJob.NodeId, new UsageBatch(events), cancellationToken);
        AttemptRecord? attempt = events.SelectMany(e => e.Attempts).FirstOrDefault();
        ImmutableArray<ChainFact> facts = [new("model endpoint", endpoint.Id)];
        if (attempt is { Failure: null }) return new(Call, ProofOutcome.Ok, $"{endpoint.Model} answered.", "", facts);
        string code = attempt is { RawCode: { Length: > 0 } raw } ? $" ({raw})" : "";
        return new(Call, ProofOutcome.Failed, $"{endpoint.Model} did not answer: {attempt?.Failure?.Name() ?? "nothing was sent"}{code}.", CheckOf(attempt?.Failure), facts);
    }

    private static string CheckOf(FailureKind? failure) => failure switch
    {
        FailureKind.PermissionDenied => "The identity is proven but may not use the model. Bedrock: bedrock:InvokeModel on the profile and on every foundation model behind it. Vertex AI: roles/aiplatform.user. Azure: Cognitive Services OpenAI User.",
        FailureKind.Unauthenticated => "The provider does not take this credential: check that it is for this account and region.",
        FailureKind.ModelNotFound => "The identity is proven; check the model id, region and deployment of the endpoint.",
        FailureKind.Transport => "Check the account's address and that this process may connect to it.",
        _ => "The identity is proven; what failed is the call itself.",
    };

    private static string TitleOf(CredentialStep step) => step switch
    {
        CredentialStep.Secret => "Stored secret",
        CredentialStep.SubjectToken => "Token of this process's home",
        CredentialStep.Impersonation => "Service account",
        _ => "Token service",
    };
}
