-- For an empty database, and harmless on one of this version. Run it so that it stops at the first error (sqlite3 -bail).
BEGIN TRANSACTION;

CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

CREATE TEMP TABLE "ScriptFits" ("Fits" INTEGER NOT NULL, CONSTRAINT "older database: start the product, which migrates it" CHECK ("Fits"));
INSERT INTO "ScriptFits" SELECT NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory")
    OR (SELECT COUNT(*) FROM "__EFMigrationsHistory" WHERE "MigrationId" IN ('20261124161117_Initial', '20261125192551_ConfirmedShrink', '20261125193839_SharedEdgeHealth', '20261125195800_ForcedShares', '20261125200500_FederatedAccounts', '20261125204529_EndpointQuirks', '20261125234837_BoundSecrets', '20261126032119_FeatureDelivery', '20261126033129_FeatureLane', '20261126034741_RequestDecisions', '20261126082914_BindingChoices', '20261126084302_ShedCalls', '20261126112614_ShadowCopies', '20261126115212_MonthlyBudgets', '20261126121921_FailedOver', '20261126151857_ShedCopies', '20261126151923_SilenceOfEdges')) = 17;

CREATE TABLE IF NOT EXISTS "AccountSecrets" (
    "Account" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "Destination" TEXT NOT NULL,
    "WrappedKey" BLOB NOT NULL,
    "Box" BLOB NOT NULL,
    "Fields" TEXT NOT NULL,
    "Hint" TEXT NOT NULL,
    "Fingerprint" TEXT NOT NULL,
    "SetAt" INTEGER NOT NULL,
    "SetBy" TEXT NOT NULL,
    "VoidedBecause" TEXT NOT NULL,
    CONSTRAINT "PK_AccountSecrets" PRIMARY KEY ("Account", "Version")
);


CREATE TABLE IF NOT EXISTS "AttemptRollups" (
    "Step" TEXT NOT NULL,
    "Start" INTEGER NOT NULL,
    "Feature" TEXT NOT NULL,
    "ModelEndpoint" TEXT NOT NULL,
    "Cause" TEXT NOT NULL,
    "Currency" TEXT NOT NULL,
    "Attempts" INTEGER NOT NULL,
    "Answered" INTEGER NOT NULL,
    "Failed" INTEGER NOT NULL,
    "Interrupted" INTEGER NOT NULL,
    "Cancelled" INTEGER NOT NULL,
    "Failures" TEXT NOT NULL,
    "InputTokens" INTEGER NOT NULL,
    "CacheReadTokens" INTEGER NOT NULL,
    "CacheWriteTokens" INTEGER NOT NULL,
    "OutputTokens" INTEGER NOT NULL,
    "ReasoningTokens" INTEGER NOT NULL,
    "CostMicros" INTEGER NOT NULL,
    "EstimatedCostMicros" INTEGER NOT NULL,
    "Unpriced" INTEGER NOT NULL,
    "FirstToken" BLOB NOT NULL,
    "Duration" BLOB NOT NULL,
    CONSTRAINT "PK_AttemptRollups" PRIMARY KEY ("Step", "Start", "Feature", "ModelEndpoint", "Cause", "Currency")
);


CREATE TABLE IF NOT EXISTS "Attempts" (
    "RequestId" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "StartedAt" INTEGER NOT NULL,
    "Minute" INTEGER NOT NULL,
    "Feature" TEXT NOT NULL,
    "ModelEndpoint" TEXT NOT NULL,
    "Cause" TEXT NOT NULL,
    "Outcome" TEXT NOT NULL,
    "Failure" TEXT NULL,
    "RawCode" TEXT NULL,
    "HttpStatus" INTEGER NOT NULL,
    "FirstTokenMs" INTEGER NULL,
    "DurationMs" INTEGER NOT NULL,
    "Streamed" INTEGER NOT NULL,
    "Breaker" TEXT NOT NULL,
    "InputTokens" INTEGER NOT NULL,
    "CacheReadTokens" INTEGER NOT NULL,
    "CacheWriteTokens" INTEGER NOT NULL,
    "OutputTokens" INTEGER NOT NULL,
    "ReasoningTokens" INTEGER NOT NULL,
    "UsageSource" TEXT NOT NULL,
    "Stop" TEXT NOT NULL,
    "RawStop" TEXT NULL,
    "CostMicros" INTEGER NULL,
    "Currency" TEXT NULL,
    "PriceFrom" INTEGER NULL,
    "ProviderRequestId" TEXT NULL,
    CONSTRAINT "PK_Attempts" PRIMARY KEY ("RequestId", "Number")
);


CREATE TABLE IF NOT EXISTS "Audit" (
    "Sequence" INTEGER NOT NULL CONSTRAINT "PK_Audit" PRIMARY KEY,
    "At" INTEGER NOT NULL,
    "ActorId" TEXT NOT NULL,
    "ActorName" TEXT NOT NULL,
    "Action" TEXT NOT NULL,
    "ObjectKind" TEXT NOT NULL,
    "ObjectId" TEXT NOT NULL,
    "Before" TEXT NOT NULL,
    "After" TEXT NOT NULL,
    "Reason" TEXT NOT NULL,
    "PreviousHash" TEXT NOT NULL,
    "Hash" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "BreakerPolicies" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_BreakerPolicies" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "WindowSeconds" INTEGER NOT NULL,
    "FailurePercent" INTEGER NOT NULL,
    "MinimumSamples" INTEGER NOT NULL,
    "ConsecutiveFailures" INTEGER NOT NULL,
    "FirstTokenP90Ms" INTEGER NOT NULL,
    "FirstTokenBaselinePercent" INTEGER NOT NULL,
    "DurationP90MsPer100Tokens" INTEGER NOT NULL,
    "MinimumLatencySamples" INTEGER NOT NULL,
    "OpenSeconds" INTEGER NOT NULL,
    "MaxOpenSeconds" INTEGER NOT NULL,
    "RampPercent" TEXT NOT NULL,
    "DwellSeconds" INTEGER NOT NULL,
    "StepSuccesses" INTEGER NOT NULL,
    "StepConsecutiveSuccesses" INTEGER NOT NULL,
    "FloorPerSecond" INTEGER NOT NULL,
    "FailOpenConcurrency" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "UpdatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "Callers" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Callers" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Features" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "UpdatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "DataProtectionKeys" (
    "FriendlyName" TEXT NOT NULL CONSTRAINT "PK_DataProtectionKeys" PRIMARY KEY,
    "Box" BLOB NOT NULL,
    "CreatedAt" INTEGER NOT NULL
);


CREATE TABLE IF NOT EXISTS "DirtyMarks" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DirtyMarks" PRIMARY KEY,
    "Step" TEXT NOT NULL,
    "Start" INTEGER NOT NULL
);


CREATE TABLE IF NOT EXISTS "EdgeOccurrences" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_EdgeOccurrences" PRIMARY KEY,
    "EdgeId" TEXT NOT NULL,
    "EdgeName" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "Revision" INTEGER NOT NULL,
    "Overlay" INTEGER NOT NULL,
    "Sentence" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "EdgeReports" (
    "EdgeId" TEXT NOT NULL CONSTRAINT "PK_EdgeReports" PRIMARY KEY,
    "HeardAt" INTEGER NOT NULL,
    "Endpoints" TEXT NOT NULL,
    "Identities" TEXT NOT NULL,
    "ShedInteractive" INTEGER NULL,
    "ShedBatch" INTEGER NULL,
    "ShedCopies" INTEGER NULL
);


CREATE TABLE IF NOT EXISTS "EdgeSpends" (
    "Month" INTEGER NOT NULL,
    "Feature" TEXT NOT NULL,
    "Currency" TEXT NOT NULL,
    "EdgeId" TEXT NOT NULL,
    "Micros" INTEGER NOT NULL,
    "EstimatedMicros" INTEGER NOT NULL,
    "Unpriced" INTEGER NOT NULL,
    "UpTo" INTEGER NOT NULL,
    CONSTRAINT "PK_EdgeSpends" PRIMARY KEY ("Month", "Feature", "Currency", "EdgeId")
);


CREATE TABLE IF NOT EXISTS "Edges" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Edges" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "PublicKey" BLOB NOT NULL,
    "CredentialHash" TEXT NOT NULL,
    "EnrolledAt" INTEGER NOT NULL,
    "RemovedAt" INTEGER NULL,
    "LastReportAt" INTEGER NULL,
    "Epoch" TEXT NOT NULL,
    "Revision" INTEGER NOT NULL,
    "Overlay" INTEGER NOT NULL,
    "AppliedAt" INTEGER NULL,
    "RefusedRevision" INTEGER NULL,
    "RefusedOverlay" INTEGER NULL,
    "RefusedAt" INTEGER NULL,
    "Problems" TEXT NOT NULL,
    "SpoolPending" INTEGER NOT NULL,
    "EdgeVersion" TEXT NOT NULL,
    "StartedAt" INTEGER NULL
);


CREATE TABLE IF NOT EXISTS "EnrolmentTokens" (
    "TokenHash" TEXT NOT NULL CONSTRAINT "PK_EnrolmentTokens" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "CreatedBy" TEXT NOT NULL,
    "ExpiresAt" INTEGER NOT NULL,
    "UsedAt" INTEGER NULL,
    "EdgeId" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "Features" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_Features" PRIMARY KEY,
    "Owner" TEXT NOT NULL,
    "Description" TEXT NOT NULL,
    "FirstTokenMs" INTEGER NOT NULL,
    "TotalMs" INTEGER NOT NULL,
    "MaxAttempts" INTEGER NOT NULL,
    "SloFirstTokenMs" INTEGER NOT NULL,
    "Delivery" TEXT NOT NULL,
    "Lane" TEXT NOT NULL,
    "IdleMs" INTEGER NOT NULL,
    "Selection" TEXT NOT NULL,
    "Affinity" TEXT NOT NULL,
    "WarmPercent" INTEGER NOT NULL,
    "HedgePercent" INTEGER NOT NULL,
    "ShadowPercent" INTEGER NOT NULL,
    "FailOverOnContentFilter" INTEGER NOT NULL,
    "Residency" TEXT NOT NULL,
    "MaxCostMicros" INTEGER NOT NULL,
    "BudgetMicros" INTEGER NOT NULL,
    "BudgetCurrency" TEXT NOT NULL,
    "BudgetAction" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "UpdatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "Isolations" (
    "ModelEndpoint" TEXT NOT NULL CONSTRAINT "PK_Isolations" PRIMARY KEY,
    "SharePercent" INTEGER NULL,
    "Until" INTEGER NOT NULL,
    "Reason" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "At" INTEGER NOT NULL
);


CREATE TABLE IF NOT EXISTS "JobRuns" (
    "Job" TEXT NOT NULL CONSTRAINT "PK_JobRuns" PRIMARY KEY,
    "LastStartedAt" INTEGER NOT NULL,
    "LastFinishedAt" INTEGER NULL,
    "LastOk" INTEGER NOT NULL,
    "LastDurationMs" INTEGER NOT NULL,
    "LastMessage" TEXT NOT NULL,
    "LastFailedAt" INTEGER NULL,
    "Runs" INTEGER NOT NULL,
    "Failures" INTEGER NOT NULL,
    "Node" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "ModelEndpoints" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_ModelEndpoints" PRIMARY KEY,
    "DisplayName" TEXT NOT NULL,
    "Account" TEXT NOT NULL,
    "Region" TEXT NOT NULL,
    "Model" TEXT NOT NULL,
    "CapacityClass" TEXT NOT NULL,
    "Family" TEXT NOT NULL,
    "Quirks" TEXT NOT NULL,
    "Capabilities" TEXT NOT NULL,
    "ContextTokens" INTEGER NOT NULL,
    "MaxOutputTokens" INTEGER NOT NULL,
    "Residency" TEXT NOT NULL,
    "RequestsPerMinute" INTEGER NOT NULL,
    "TokensPerMinute" INTEGER NOT NULL,
    "Breaker" TEXT NOT NULL,
    "Probe" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "UpdatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "People" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_People" PRIMARY KEY,
    "DisplayName" TEXT NOT NULL,
    "Role" TEXT NOT NULL,
    "Disabled" INTEGER NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "LastSignInAt" INTEGER NULL,
    "UserName" TEXT NULL,
    "NormalizedUserName" TEXT NULL,
    "Email" TEXT NULL,
    "NormalizedEmail" TEXT NULL,
    "EmailConfirmed" INTEGER NOT NULL,
    "PasswordHash" TEXT NULL,
    "SecurityStamp" TEXT NULL,
    "ConcurrencyStamp" TEXT NULL,
    "PhoneNumber" TEXT NULL,
    "PhoneNumberConfirmed" INTEGER NOT NULL,
    "TwoFactorEnabled" INTEGER NOT NULL,
    "LockoutEnd" INTEGER NULL,
    "LockoutEnabled" INTEGER NOT NULL,
    "AccessFailedCount" INTEGER NOT NULL
);


CREATE TABLE IF NOT EXISTS "PlaneState" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_PlaneState" PRIMARY KEY,
    "Epoch" TEXT NOT NULL,
    "OverlayVersion" INTEGER NOT NULL,
    "ConfirmedShrink" INTEGER NOT NULL,
    "SigningKey" BLOB NOT NULL,
    "SigningPublicKey" BLOB NOT NULL,
    "KekFingerprint" TEXT NOT NULL,
    "HearingSince" INTEGER NULL,
    "GoneBefore" INTEGER NULL
);


CREATE TABLE IF NOT EXISTS "Prices" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Prices" PRIMARY KEY,
    "ModelEndpoint" TEXT NOT NULL,
    "From" INTEGER NOT NULL,
    "Currency" TEXT NOT NULL,
    "Input" INTEGER NOT NULL,
    "CacheRead" INTEGER NULL,
    "CacheWrite" INTEGER NULL,
    "Output" INTEGER NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "CreatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "ProviderAccounts" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_ProviderAccounts" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Provider" TEXT NOT NULL,
    "Address" TEXT NOT NULL,
    "Project" TEXT NOT NULL,
    "ApiVersion" TEXT NOT NULL,
    "CredentialKind" TEXT NOT NULL,
    "References" TEXT NOT NULL,
    "Federation" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL,
    "UpdatedBy" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "Quarantine" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Quarantine" PRIMARY KEY,
    "EdgeId" TEXT NOT NULL,
    "ReceivedAt" INTEGER NOT NULL,
    "Reason" TEXT NOT NULL,
    "Body" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "RequestRollups" (
    "Step" TEXT NOT NULL,
    "Start" INTEGER NOT NULL,
    "Feature" TEXT NOT NULL,
    "ServedBy" TEXT NOT NULL,
    "Requests" INTEGER NOT NULL,
    "Answered" INTEGER NOT NULL,
    "Failed" INTEGER NOT NULL,
    "Interrupted" INTEGER NOT NULL,
    "Cancelled" INTEGER NOT NULL,
    "FailedOver" INTEGER NOT NULL,
    "FirstToken" BLOB NOT NULL,
    "Total" BLOB NOT NULL,
    CONSTRAINT "PK_RequestRollups" PRIMARY KEY ("Step", "Start", "Feature", "ServedBy")
);


CREATE TABLE IF NOT EXISTS "Requests" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Requests" PRIMARY KEY,
    "At" INTEGER NOT NULL,
    "Minute" INTEGER NOT NULL,
    "EdgeId" TEXT NOT NULL,
    "Caller" TEXT NOT NULL,
    "Feature" TEXT NOT NULL,
    "Revision" INTEGER NOT NULL,
    "Overlay" INTEGER NOT NULL,
    "Streamed" INTEGER NOT NULL,
    "Probe" INTEGER NOT NULL,
    "Outcome" TEXT NOT NULL,
    "Failure" TEXT NULL,
    "ServedBy" TEXT NOT NULL,
    "FirstTokenMs" INTEGER NULL,
    "TotalMs" INTEGER NOT NULL,
    "AttemptCount" INTEGER NOT NULL,
    "FailedOver" INTEGER NOT NULL,
    "Candidates" TEXT NULL,
    "ShadowOf" TEXT NULL
);


CREATE TABLE IF NOT EXISTS "Revisions" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_Revisions" PRIMARY KEY,
    "Document" BLOB NOT NULL,
    "Sha256" TEXT NOT NULL,
    "PublishedAt" INTEGER NOT NULL,
    "PublishedBy" TEXT NOT NULL,
    "Note" TEXT NOT NULL,
    "RollbackOf" INTEGER NULL,
    "Changes" INTEGER NOT NULL,
    "Summary" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "RevokedKeys" (
    "Sha256" TEXT NOT NULL CONSTRAINT "PK_RevokedKeys" PRIMARY KEY,
    "RevokedAt" INTEGER NOT NULL
);


CREATE TABLE IF NOT EXISTS "SignUpLinks" (
    "TokenHash" TEXT NOT NULL CONSTRAINT "PK_SignUpLinks" PRIMARY KEY,
    "Role" TEXT NOT NULL,
    "Email" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "ExpiresAt" INTEGER NOT NULL,
    "CreatedBy" TEXT NOT NULL,
    "UsedAt" INTEGER NULL
);


CREATE TABLE IF NOT EXISTS "Transitions" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Transitions" PRIMARY KEY,
    "EdgeId" TEXT NOT NULL,
    "ModelEndpoint" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    "From" TEXT NOT NULL,
    "To" TEXT NOT NULL,
    "SharePercent" INTEGER NOT NULL,
    "Cause" TEXT NOT NULL,
    "Failures" INTEGER NOT NULL,
    "Samples" INTEGER NOT NULL,
    "Observed" INTEGER NOT NULL,
    "Limit" INTEGER NOT NULL,
    "Until" INTEGER NULL,
    "Sentence" TEXT NOT NULL
);


CREATE TABLE IF NOT EXISTS "CallerKeys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_CallerKeys" PRIMARY KEY,
    "Caller" TEXT NOT NULL,
    "Prefix" TEXT NOT NULL,
    "Sha256" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "CreatedBy" TEXT NOT NULL,
    "ExpiresAt" INTEGER NULL,
    "RevokedAt" INTEGER NULL,
    "RevokedBy" TEXT NOT NULL,
    CONSTRAINT "FK_CallerKeys_Callers_Caller" FOREIGN KEY ("Caller") REFERENCES "Callers" ("Id") ON DELETE CASCADE
);


CREATE TABLE IF NOT EXISTS "Candidates" (
    "Feature" TEXT NOT NULL,
    "Position" INTEGER NOT NULL,
    "ModelEndpoint" TEXT NOT NULL,
    "Tier" INTEGER NOT NULL,
    "Weight" INTEGER NOT NULL,
    "Role" TEXT NOT NULL,
    CONSTRAINT "PK_Candidates" PRIMARY KEY ("Feature", "Position"),
    CONSTRAINT "FK_Candidates_Features_Feature" FOREIGN KEY ("Feature") REFERENCES "Features" ("Name") ON DELETE CASCADE
);


CREATE TABLE IF NOT EXISTS "AspNetUserClaims" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_AspNetUserClaims" PRIMARY KEY AUTOINCREMENT,
    "UserId" TEXT NOT NULL,
    "ClaimType" TEXT NULL,
    "ClaimValue" TEXT NULL,
    CONSTRAINT "FK_AspNetUserClaims_People_UserId" FOREIGN KEY ("UserId") REFERENCES "People" ("Id") ON DELETE CASCADE
);


CREATE TABLE IF NOT EXISTS "AspNetUserLogins" (
    "LoginProvider" TEXT NOT NULL,
    "ProviderKey" TEXT NOT NULL,
    "ProviderDisplayName" TEXT NULL,
    "UserId" TEXT NOT NULL,
    CONSTRAINT "PK_AspNetUserLogins" PRIMARY KEY ("LoginProvider", "ProviderKey"),
    CONSTRAINT "FK_AspNetUserLogins_People_UserId" FOREIGN KEY ("UserId") REFERENCES "People" ("Id") ON DELETE CASCADE
);


CREATE TABLE IF NOT EXISTS "AspNetUserTokens" (
    "UserId" TEXT NOT NULL,
    "LoginProvider" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Value" TEXT NULL,
    CONSTRAINT "PK_AspNetUserTokens" PRIMARY KEY ("UserId", "LoginProvider", "Name"),
    CONSTRAINT "FK_AspNetUserTokens_People_UserId" FOREIGN KEY ("UserId") REFERENCES "People" ("Id") ON DELETE CASCADE
);


CREATE INDEX IF NOT EXISTS "IX_AspNetUserClaims_UserId" ON "AspNetUserClaims" ("UserId");


CREATE INDEX IF NOT EXISTS "IX_AspNetUserLogins_UserId" ON "AspNetUserLogins" ("UserId");


CREATE INDEX IF NOT EXISTS "IX_Attempts_Minute" ON "Attempts" ("Minute");


CREATE INDEX IF NOT EXISTS "IX_Attempts_ModelEndpoint_StartedAt" ON "Attempts" ("ModelEndpoint", "StartedAt") WHERE "Failure" IS NOT NULL;


CREATE INDEX IF NOT EXISTS "IX_Audit_At" ON "Audit" ("At");


CREATE INDEX IF NOT EXISTS "IX_Audit_ObjectKind_ObjectId" ON "Audit" ("ObjectKind", "ObjectId");


CREATE INDEX IF NOT EXISTS "IX_CallerKeys_Caller" ON "CallerKeys" ("Caller");


CREATE UNIQUE INDEX IF NOT EXISTS "IX_CallerKeys_Sha256" ON "CallerKeys" ("Sha256");


CREATE INDEX IF NOT EXISTS "IX_EdgeOccurrences_At" ON "EdgeOccurrences" ("At");


CREATE UNIQUE INDEX IF NOT EXISTS "IX_Edges_CredentialHash" ON "Edges" ("CredentialHash");


CREATE INDEX IF NOT EXISTS "EmailIndex" ON "People" ("NormalizedEmail");


CREATE UNIQUE INDEX IF NOT EXISTS "UserNameIndex" ON "People" ("NormalizedUserName");


CREATE UNIQUE INDEX IF NOT EXISTS "IX_Prices_ModelEndpoint_From" ON "Prices" ("ModelEndpoint", "From");


CREATE INDEX IF NOT EXISTS "IX_Quarantine_ReceivedAt" ON "Quarantine" ("ReceivedAt");


CREATE INDEX IF NOT EXISTS "IX_Requests_At_Id" ON "Requests" ("At", "Id");


CREATE INDEX IF NOT EXISTS "IX_Requests_Caller_At" ON "Requests" ("Caller", "At");


CREATE INDEX IF NOT EXISTS "IX_Requests_Failure_At" ON "Requests" ("Failure", "At") WHERE "Failure" IS NOT NULL;


CREATE INDEX IF NOT EXISTS "IX_Requests_Feature_At" ON "Requests" ("Feature", "At");


CREATE INDEX IF NOT EXISTS "IX_Requests_Minute" ON "Requests" ("Minute");


CREATE INDEX IF NOT EXISTS "IX_Requests_Outcome_At" ON "Requests" ("Outcome", "At") WHERE "Outcome" <> 'Answered';


CREATE INDEX IF NOT EXISTS "IX_Requests_ServedBy_At" ON "Requests" ("ServedBy", "At");


CREATE INDEX IF NOT EXISTS "IX_Requests_ShadowOf" ON "Requests" ("ShadowOf") WHERE "ShadowOf" IS NOT NULL;


CREATE INDEX IF NOT EXISTS "IX_Transitions_At" ON "Transitions" ("At");


CREATE INDEX IF NOT EXISTS "IX_Transitions_ModelEndpoint_At" ON "Transitions" ("ModelEndpoint", "At");

INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261124161117_Initial', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125192551_ConfirmedShrink', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125193839_SharedEdgeHealth', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125195800_ForcedShares', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125200500_FederatedAccounts', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125204529_EndpointQuirks', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261125234837_BoundSecrets', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126032119_FeatureDelivery', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126033129_FeatureLane', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126034741_RequestDecisions', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126082914_BindingChoices', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126084302_ShedCalls', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126112614_ShadowCopies', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126115212_MonthlyBudgets', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126121921_FailedOver', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126151857_ShedCopies', '10.0.14' FROM "ScriptFits";
INSERT OR IGNORE INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") SELECT '20261126151923_SilenceOfEdges', '10.0.14' FROM "ScriptFits";

DROP TABLE temp."ScriptFits";
COMMIT;
