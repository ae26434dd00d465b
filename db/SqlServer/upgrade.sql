IF OBJECT_ID(N'[__EFMigrationsHistory]') IS NULL
BEGIN
    CREATE TABLE [__EFMigrationsHistory] (
        [MigrationId] nvarchar(150) NOT NULL,
        [ProductVersion] nvarchar(32) NOT NULL,
        CONSTRAINT [PK___EFMigrationsHistory] PRIMARY KEY ([MigrationId])
    );
END;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [AttemptRollups] (
        [Step] nvarchar(32) NOT NULL,
        [Start] bigint NOT NULL,
        [Feature] nvarchar(64) NOT NULL,
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [Cause] nvarchar(32) NOT NULL,
        [Currency] nvarchar(3) NOT NULL,
        [Attempts] bigint NOT NULL,
        [Answered] bigint NOT NULL,
        [Failed] bigint NOT NULL,
        [Interrupted] bigint NOT NULL,
        [Cancelled] bigint NOT NULL,
        [Failures] nvarchar(1000) NOT NULL,
        [InputTokens] bigint NOT NULL,
        [CacheReadTokens] bigint NOT NULL,
        [CacheWriteTokens] bigint NOT NULL,
        [OutputTokens] bigint NOT NULL,
        [ReasoningTokens] bigint NOT NULL,
        [CostMicros] bigint NOT NULL,
        [EstimatedCostMicros] bigint NOT NULL,
        [Unpriced] bigint NOT NULL,
        [FirstToken] varbinary(max) NOT NULL,
        [Duration] varbinary(max) NOT NULL,
        CONSTRAINT [PK_AttemptRollups] PRIMARY KEY ([Step], [Start], [Feature], [ModelEndpoint], [Cause], [Currency])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Attempts] (
        [RequestId] uniqueidentifier NOT NULL,
        [Number] int NOT NULL,
        [StartedAt] bigint NOT NULL,
        [Minute] bigint NOT NULL,
        [Feature] nvarchar(64) NOT NULL,
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [Cause] nvarchar(32) NOT NULL,
        [Outcome] nvarchar(32) NOT NULL,
        [Failure] nvarchar(32) NULL,
        [RawCode] nvarchar(100) NULL,
        [HttpStatus] int NOT NULL,
        [FirstTokenMs] int NULL,
        [DurationMs] int NOT NULL,
        [Streamed] bit NOT NULL,
        [Breaker] nvarchar(32) NOT NULL,
        [InputTokens] bigint NOT NULL,
        [CacheReadTokens] bigint NOT NULL,
        [CacheWriteTokens] bigint NOT NULL,
        [OutputTokens] bigint NOT NULL,
        [ReasoningTokens] bigint NOT NULL,
        [UsageSource] nvarchar(32) NOT NULL,
        [Stop] nvarchar(32) NOT NULL,
        [RawStop] nvarchar(60) NULL,
        [CostMicros] bigint NULL,
        [Currency] nvarchar(3) NULL,
        [PriceFrom] bigint NULL,
        [ProviderRequestId] nvarchar(200) NULL,
        CONSTRAINT [PK_Attempts] PRIMARY KEY ([RequestId], [Number])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Audit] (
        [Sequence] bigint NOT NULL,
        [At] bigint NOT NULL,
        [ActorId] nvarchar(100) NOT NULL,
        [ActorName] nvarchar(100) NOT NULL,
        [Action] nvarchar(60) NOT NULL,
        [ObjectKind] nvarchar(40) NOT NULL,
        [ObjectId] nvarchar(200) NOT NULL,
        [Before] nvarchar(max) NOT NULL,
        [After] nvarchar(max) NOT NULL,
        [Reason] nvarchar(500) NOT NULL,
        [PreviousHash] nvarchar(64) NOT NULL,
        [Hash] nvarchar(64) NOT NULL,
        CONSTRAINT [PK_Audit] PRIMARY KEY ([Sequence])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [BreakerPolicies] (
        [Id] nvarchar(64) NOT NULL,
        [Name] nvarchar(100) NOT NULL,
        [WindowSeconds] int NOT NULL,
        [FailurePercent] int NOT NULL,
        [MinimumSamples] int NOT NULL,
        [ConsecutiveFailures] int NOT NULL,
        [FirstTokenP90Ms] int NOT NULL,
        [DurationP90MsPer100Tokens] int NOT NULL,
        [MinimumLatencySamples] int NOT NULL,
        [OpenSeconds] int NOT NULL,
        [MaxOpenSeconds] int NOT NULL,
        [RampPercent] nvarchar(100) NOT NULL,
        [DwellSeconds] int NOT NULL,
        [StepSuccesses] int NOT NULL,
        [StepConsecutiveSuccesses] int NOT NULL,
        [FloorPerSecond] int NOT NULL,
        [FailOpenConcurrency] int NOT NULL,
        [Version] bigint NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [UpdatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_BreakerPolicies] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Callers] (
        [Id] nvarchar(64) NOT NULL,
        [Name] nvarchar(100) NOT NULL,
        [Features] nvarchar(max) NOT NULL,
        [Version] bigint NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [UpdatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_Callers] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [DataProtectionKeys] (
        [FriendlyName] nvarchar(200) NOT NULL,
        [Box] varbinary(max) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        CONSTRAINT [PK_DataProtectionKeys] PRIMARY KEY ([FriendlyName])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [DirtyMarks] (
        [Id] uniqueidentifier NOT NULL,
        [Step] nvarchar(32) NOT NULL,
        [Start] bigint NOT NULL,
        CONSTRAINT [PK_DirtyMarks] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [EdgeOccurrences] (
        [Id] uniqueidentifier NOT NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        [EdgeName] nvarchar(100) NOT NULL,
        [At] bigint NOT NULL,
        [Kind] nvarchar(32) NOT NULL,
        [Revision] bigint NOT NULL,
        [Overlay] bigint NOT NULL,
        [Sentence] nvarchar(1000) NOT NULL,
        CONSTRAINT [PK_EdgeOccurrences] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Edges] (
        [Id] nvarchar(64) NOT NULL,
        [Name] nvarchar(100) NOT NULL,
        [PublicKey] varbinary(max) NOT NULL,
        [CredentialHash] nvarchar(64) NOT NULL,
        [EnrolledAt] bigint NOT NULL,
        [RemovedAt] bigint NULL,
        [LastReportAt] bigint NULL,
        [Epoch] nvarchar(40) NOT NULL,
        [Revision] bigint NOT NULL,
        [Overlay] bigint NOT NULL,
        [AppliedAt] bigint NULL,
        [RefusedRevision] bigint NULL,
        [RefusedOverlay] bigint NULL,
        [RefusedAt] bigint NULL,
        [Problems] nvarchar(max) NOT NULL,
        [SpoolPending] bigint NOT NULL,
        [EdgeVersion] nvarchar(60) NOT NULL,
        [StartedAt] bigint NULL,
        CONSTRAINT [PK_Edges] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [EnrolmentTokens] (
        [TokenHash] nvarchar(64) NOT NULL,
        [Name] nvarchar(100) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [CreatedBy] nvarchar(100) NOT NULL,
        [ExpiresAt] bigint NOT NULL,
        [UsedAt] bigint NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        CONSTRAINT [PK_EnrolmentTokens] PRIMARY KEY ([TokenHash])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Features] (
        [Name] nvarchar(64) NOT NULL,
        [Owner] nvarchar(100) NOT NULL,
        [Description] nvarchar(500) NOT NULL,
        [FirstTokenMs] int NOT NULL,
        [TotalMs] int NOT NULL,
        [MaxAttempts] int NOT NULL,
        [SloFirstTokenMs] int NOT NULL,
        [Version] bigint NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [UpdatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_Features] PRIMARY KEY ([Name])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Isolations] (
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [Until] bigint NOT NULL,
        [Reason] nvarchar(300) NOT NULL,
        [By] nvarchar(100) NOT NULL,
        [At] bigint NOT NULL,
        CONSTRAINT [PK_Isolations] PRIMARY KEY ([ModelEndpoint])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [JobRuns] (
        [Job] nvarchar(60) NOT NULL,
        [LastStartedAt] bigint NOT NULL,
        [LastFinishedAt] bigint NULL,
        [LastOk] bit NOT NULL,
        [LastDurationMs] bigint NOT NULL,
        [LastMessage] nvarchar(1000) NOT NULL,
        [LastFailedAt] bigint NULL,
        [Runs] bigint NOT NULL,
        [Failures] bigint NOT NULL,
        [Node] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_JobRuns] PRIMARY KEY ([Job])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [ModelEndpoints] (
        [Id] nvarchar(100) NOT NULL,
        [DisplayName] nvarchar(100) NOT NULL,
        [Account] nvarchar(64) NOT NULL,
        [Region] nvarchar(64) NOT NULL,
        [Model] nvarchar(300) NOT NULL,
        [CapacityClass] nvarchar(32) NOT NULL,
        [Capabilities] nvarchar(1000) NOT NULL,
        [ContextTokens] int NOT NULL,
        [MaxOutputTokens] int NOT NULL,
        [Breaker] nvarchar(64) NOT NULL,
        [Probe] bit NOT NULL,
        [Version] bigint NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [UpdatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_ModelEndpoints] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [People] (
        [Id] nvarchar(450) NOT NULL,
        [DisplayName] nvarchar(100) NOT NULL,
        [Role] nvarchar(32) NOT NULL,
        [Disabled] bit NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [LastSignInAt] bigint NULL,
        [UserName] nvarchar(256) NULL,
        [NormalizedUserName] nvarchar(256) NULL,
        [Email] nvarchar(256) NULL,
        [NormalizedEmail] nvarchar(256) NULL,
        [EmailConfirmed] bit NOT NULL,
        [PasswordHash] nvarchar(max) NULL,
        [SecurityStamp] nvarchar(max) NULL,
        [ConcurrencyStamp] nvarchar(max) NULL,
        [PhoneNumber] nvarchar(max) NULL,
        [PhoneNumberConfirmed] bit NOT NULL,
        [TwoFactorEnabled] bit NOT NULL,
        [LockoutEnd] bigint NULL,
        [LockoutEnabled] bit NOT NULL,
        [AccessFailedCount] int NOT NULL,
        CONSTRAINT [PK_People] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [PlaneState] (
        [Id] int NOT NULL,
        [Epoch] nvarchar(40) NOT NULL,
        [OverlayVersion] bigint NOT NULL,
        [SigningKey] varbinary(max) NOT NULL,
        [SigningPublicKey] varbinary(max) NOT NULL,
        [KekFingerprint] nvarchar(64) NOT NULL,
        CONSTRAINT [PK_PlaneState] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Prices] (
        [Id] uniqueidentifier NOT NULL,
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [From] bigint NOT NULL,
        [Currency] nvarchar(3) NOT NULL,
        [Input] bigint NOT NULL,
        [CacheRead] bigint NULL,
        [CacheWrite] bigint NULL,
        [Output] bigint NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [CreatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_Prices] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [ProviderAccounts] (
        [Id] nvarchar(64) NOT NULL,
        [Name] nvarchar(100) NOT NULL,
        [Provider] nvarchar(32) NOT NULL,
        [Address] nvarchar(500) NOT NULL,
        [Project] nvarchar(100) NOT NULL,
        [ApiVersion] nvarchar(40) NOT NULL,
        [CredentialKind] nvarchar(32) NOT NULL,
        [References] nvarchar(2000) NOT NULL,
        [Version] bigint NOT NULL,
        [UpdatedAt] bigint NOT NULL,
        [UpdatedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_ProviderAccounts] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Quarantine] (
        [Id] uniqueidentifier NOT NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        [ReceivedAt] bigint NOT NULL,
        [Reason] nvarchar(500) NOT NULL,
        [Body] nvarchar(max) NOT NULL,
        CONSTRAINT [PK_Quarantine] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [RequestRollups] (
        [Step] nvarchar(32) NOT NULL,
        [Start] bigint NOT NULL,
        [Feature] nvarchar(64) NOT NULL,
        [ServedBy] nvarchar(100) NOT NULL,
        [Requests] bigint NOT NULL,
        [Answered] bigint NOT NULL,
        [Failed] bigint NOT NULL,
        [Interrupted] bigint NOT NULL,
        [Cancelled] bigint NOT NULL,
        [FailedOver] bigint NOT NULL,
        [FirstToken] varbinary(max) NOT NULL,
        [Total] varbinary(max) NOT NULL,
        CONSTRAINT [PK_RequestRollups] PRIMARY KEY ([Step], [Start], [Feature], [ServedBy])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Requests] (
        [Id] uniqueidentifier NOT NULL,
        [At] bigint NOT NULL,
        [Minute] bigint NOT NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        [Caller] nvarchar(64) NOT NULL,
        [Feature] nvarchar(64) NOT NULL,
        [Revision] bigint NOT NULL,
        [Overlay] bigint NOT NULL,
        [Streamed] bit NOT NULL,
        [Probe] bit NOT NULL,
        [Outcome] nvarchar(32) NOT NULL,
        [Failure] nvarchar(32) NULL,
        [ServedBy] nvarchar(100) NOT NULL,
        [FirstTokenMs] int NULL,
        [TotalMs] int NOT NULL,
        [AttemptCount] int NOT NULL,
        CONSTRAINT [PK_Requests] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Revisions] (
        [Number] bigint NOT NULL,
        [Document] varbinary(max) NOT NULL,
        [Sha256] nvarchar(64) NOT NULL,
        [PublishedAt] bigint NOT NULL,
        [PublishedBy] nvarchar(100) NOT NULL,
        [Note] nvarchar(500) NOT NULL,
        [RollbackOf] bigint NULL,
        [Changes] int NOT NULL,
        [Summary] nvarchar(500) NOT NULL,
        CONSTRAINT [PK_Revisions] PRIMARY KEY ([Number])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Secrets] (
        [Id] nvarchar(64) NOT NULL,
        [Version] bigint NOT NULL,
        [WrappedKey] varbinary(max) NOT NULL,
        [Box] varbinary(max) NOT NULL,
        [Fields] nvarchar(200) NOT NULL,
        [Hint] nvarchar(20) NOT NULL,
        [Fingerprint] nvarchar(20) NOT NULL,
        [SetAt] bigint NOT NULL,
        [SetBy] nvarchar(100) NOT NULL,
        [VoidedBecause] nvarchar(300) NOT NULL,
        CONSTRAINT [PK_Secrets] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [SignUpLinks] (
        [TokenHash] nvarchar(64) NOT NULL,
        [Role] nvarchar(32) NOT NULL,
        [Email] nvarchar(256) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [ExpiresAt] bigint NOT NULL,
        [CreatedBy] nvarchar(100) NOT NULL,
        [UsedAt] bigint NULL,
        CONSTRAINT [PK_SignUpLinks] PRIMARY KEY ([TokenHash])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Transitions] (
        [Id] uniqueidentifier NOT NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [At] bigint NOT NULL,
        [From] nvarchar(32) NOT NULL,
        [To] nvarchar(32) NOT NULL,
        [SharePercent] int NOT NULL,
        [Cause] nvarchar(32) NOT NULL,
        [Failures] int NOT NULL,
        [Samples] int NOT NULL,
        [Observed] int NOT NULL,
        [Limit] int NOT NULL,
        [Until] bigint NULL,
        [Sentence] nvarchar(500) NOT NULL,
        CONSTRAINT [PK_Transitions] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [CallerKeys] (
        [Id] uniqueidentifier NOT NULL,
        [Caller] nvarchar(64) NOT NULL,
        [Prefix] nvarchar(20) NOT NULL,
        [Sha256] nvarchar(64) NOT NULL,
        [CreatedAt] bigint NOT NULL,
        [CreatedBy] nvarchar(100) NOT NULL,
        [ExpiresAt] bigint NULL,
        [RevokedAt] bigint NULL,
        [RevokedBy] nvarchar(100) NOT NULL,
        CONSTRAINT [PK_CallerKeys] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_CallerKeys_Callers_Caller] FOREIGN KEY ([Caller]) REFERENCES [Callers] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [Candidates] (
        [Feature] nvarchar(64) NOT NULL,
        [Position] int NOT NULL,
        [ModelEndpoint] nvarchar(100) NOT NULL,
        [Tier] int NOT NULL,
        [Weight] int NOT NULL,
        [Role] nvarchar(32) NOT NULL,
        CONSTRAINT [PK_Candidates] PRIMARY KEY ([Feature], [Position]),
        CONSTRAINT [FK_Candidates_Features_Feature] FOREIGN KEY ([Feature]) REFERENCES [Features] ([Name]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserClaims] (
        [Id] int NOT NULL IDENTITY,
        [UserId] nvarchar(450) NOT NULL,
        [ClaimType] nvarchar(max) NULL,
        [ClaimValue] nvarchar(max) NULL,
        CONSTRAINT [PK_AspNetUserClaims] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_AspNetUserClaims_People_UserId] FOREIGN KEY ([UserId]) REFERENCES [People] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserLogins] (
        [LoginProvider] nvarchar(450) NOT NULL,
        [ProviderKey] nvarchar(450) NOT NULL,
        [ProviderDisplayName] nvarchar(max) NULL,
        [UserId] nvarchar(450) NOT NULL,
        CONSTRAINT [PK_AspNetUserLogins] PRIMARY KEY ([LoginProvider], [ProviderKey]),
        CONSTRAINT [FK_AspNetUserLogins_People_UserId] FOREIGN KEY ([UserId]) REFERENCES [People] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE TABLE [AspNetUserTokens] (
        [UserId] nvarchar(450) NOT NULL,
        [LoginProvider] nvarchar(450) NOT NULL,
        [Name] nvarchar(450) NOT NULL,
        [Value] nvarchar(max) NULL,
        CONSTRAINT [PK_AspNetUserTokens] PRIMARY KEY ([UserId], [LoginProvider], [Name]),
        CONSTRAINT [FK_AspNetUserTokens_People_UserId] FOREIGN KEY ([UserId]) REFERENCES [People] ([Id]) ON DELETE CASCADE
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_AspNetUserClaims_UserId] ON [AspNetUserClaims] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_AspNetUserLogins_UserId] ON [AspNetUserLogins] ([UserId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Attempts_Minute] ON [Attempts] ([Minute]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Audit_At] ON [Audit] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Audit_ObjectKind_ObjectId] ON [Audit] ([ObjectKind], [ObjectId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_CallerKeys_Caller] ON [CallerKeys] ([Caller]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_CallerKeys_Sha256] ON [CallerKeys] ([Sha256]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_EdgeOccurrences_At] ON [EdgeOccurrences] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Edges_CredentialHash] ON [Edges] ([CredentialHash]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [EmailIndex] ON [People] ([NormalizedEmail]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [UserNameIndex] ON [People] ([NormalizedUserName]) WHERE [NormalizedUserName] IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Prices_ModelEndpoint_From] ON [Prices] ([ModelEndpoint], [From]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Quarantine_ReceivedAt] ON [Quarantine] ([ReceivedAt]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Requests_Minute] ON [Requests] ([Minute]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Transitions_At] ON [Transitions] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    CREATE INDEX [IX_Transitions_ModelEndpoint_At] ON [Transitions] ([ModelEndpoint], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261124161121_Initial'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261124161121_Initial', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125192558_ConfirmedShrink'
)
BEGIN
    ALTER TABLE [PlaneState] ADD [ConfirmedShrink] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125192558_ConfirmedShrink'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125192558_ConfirmedShrink', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125193850_SharedEdgeHealth'
)
BEGIN
    CREATE TABLE [EdgeReports] (
        [EdgeId] nvarchar(64) NOT NULL,
        [HeardAt] bigint NOT NULL,
        [Endpoints] nvarchar(max) NOT NULL,
        CONSTRAINT [PK_EdgeReports] PRIMARY KEY ([EdgeId])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125193850_SharedEdgeHealth'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125193850_SharedEdgeHealth', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125195807_ForcedShares'
)
BEGIN
    ALTER TABLE [Isolations] ADD [SharePercent] int NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125195807_ForcedShares'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125195807_ForcedShares', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125200510_FederatedAccounts'
)
BEGIN
    ALTER TABLE [ProviderAccounts] ADD [Federation] nvarchar(4000) NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125200510_FederatedAccounts'
)
BEGIN
    ALTER TABLE [EdgeReports] ADD [Identities] nvarchar(max) NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125200510_FederatedAccounts'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125200510_FederatedAccounts', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125204535_EndpointQuirks'
)
BEGIN
    ALTER TABLE [ModelEndpoints] ADD [Family] nvarchar(32) NOT NULL DEFAULT N'Auto';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125204535_EndpointQuirks'
)
BEGIN
    ALTER TABLE [ModelEndpoints] ADD [Quirks] nvarchar(2000) NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125204535_EndpointQuirks'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125204535_EndpointQuirks', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN
    CREATE TABLE [AccountSecrets] (
        [Account] nvarchar(64) NOT NULL,
        [Version] bigint NOT NULL,
        [Destination] nvarchar(700) NOT NULL,
        [WrappedKey] varbinary(max) NOT NULL,
        [Box] varbinary(max) NOT NULL,
        [Fields] nvarchar(200) NOT NULL,
        [Hint] nvarchar(20) NOT NULL,
        [Fingerprint] nvarchar(20) NOT NULL,
        [SetAt] bigint NOT NULL,
        [SetBy] nvarchar(100) NOT NULL,
        [VoidedBecause] nvarchar(800) NOT NULL,
        CONSTRAINT [PK_AccountSecrets] PRIMARY KEY ([Account], [Version])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN
    CREATE TABLE [RevokedKeys] (
        [Sha256] nvarchar(64) NOT NULL,
        [RevokedAt] bigint NOT NULL,
        CONSTRAINT [PK_RevokedKeys] PRIMARY KEY ([Sha256])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN

                    INSERT INTO [AccountSecrets] ([Account], [Version], [Destination], [WrappedKey], [Box], [Fields], [Hint], [Fingerprint], [SetAt], [SetBy], [VoidedBecause])
                    SELECT s.[Id], s.[Version],
                        COALESCE(a.[Provider] + '/' + a.[CredentialKind] + ' at ' + CASE WHEN a.[Address] = '' THEN 'the cloud''s own address' ELSE a.[Address] END, ''),
                        s.[WrappedKey], s.[Box], s.[Fields], s.[Hint], s.[Fingerprint], s.[SetAt], s.[SetBy], s.[VoidedBecause]
                    FROM [Secrets] s LEFT JOIN [ProviderAccounts] a ON a.[Id] = s.[Id];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN

                    INSERT INTO [RevokedKeys] ([Sha256], [RevokedAt])
                    SELECT [Sha256], [RevokedAt] FROM [CallerKeys] WHERE [RevokedAt] IS NOT NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN
    DROP TABLE [Secrets];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261125234847_BoundSecrets'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261125234847_BoundSecrets', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126032124_FeatureDelivery'
)
BEGIN
    ALTER TABLE [Features] ADD [Delivery] nvarchar(32) NOT NULL DEFAULT N'Immediate';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126032124_FeatureDelivery'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126032124_FeatureDelivery', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126033142_FeatureLane'
)
BEGIN
    ALTER TABLE [Features] ADD [Lane] nvarchar(32) NOT NULL DEFAULT N'Interactive';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126033142_FeatureLane'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126033142_FeatureLane', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    ALTER TABLE [Requests] ADD [Candidates] nvarchar(max) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    CREATE INDEX [IX_Requests_At_Id] ON [Requests] ([At], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    CREATE INDEX [IX_Requests_Caller_At] ON [Requests] ([Caller], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Requests_Failure_At] ON [Requests] ([Failure], [At]) WHERE "Failure" IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    CREATE INDEX [IX_Requests_Feature_At] ON [Requests] ([Feature], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Requests_Outcome_At] ON [Requests] ([Outcome], [At]) WHERE "Outcome" <> ''Answered''');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    CREATE INDEX [IX_Requests_ServedBy_At] ON [Requests] ([ServedBy], [At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Attempts_ModelEndpoint_StartedAt] ON [Attempts] ([ModelEndpoint], [StartedAt]) WHERE "Failure" IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126034748_RequestDecisions'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126034748_RequestDecisions', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [ModelEndpoints] ADD [RequestsPerMinute] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [ModelEndpoints] ADD [Residency] nvarchar(32) NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [ModelEndpoints] ADD [TokensPerMinute] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [Affinity] nvarchar(32) NOT NULL DEFAULT N'None';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [FailOverOnContentFilter] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [HedgePercent] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [IdleMs] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [MaxCostMicros] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [Residency] nvarchar(600) NOT NULL DEFAULT N'';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [Selection] nvarchar(32) NOT NULL DEFAULT N'Weighted';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [Features] ADD [WarmPercent] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    ALTER TABLE [BreakerPolicies] ADD [FirstTokenBaselinePercent] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126082919_BindingChoices'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126082919_BindingChoices', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126084306_ShedCalls'
)
BEGIN
    ALTER TABLE [EdgeReports] ADD [ShedBatch] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126084306_ShedCalls'
)
BEGIN
    ALTER TABLE [EdgeReports] ADD [ShedInteractive] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126084306_ShedCalls'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126084306_ShedCalls', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126112620_ShadowCopies'
)
BEGIN
    ALTER TABLE [Requests] ADD [ShadowOf] uniqueidentifier NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126112620_ShadowCopies'
)
BEGIN
    ALTER TABLE [Features] ADD [ShadowPercent] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126112620_ShadowCopies'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Requests_ShadowOf] ON [Requests] ([ShadowOf]) WHERE "ShadowOf" IS NOT NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126112620_ShadowCopies'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126112620_ShadowCopies', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    ALTER TABLE [Features] ADD [BudgetAction] nvarchar(32) NOT NULL DEFAULT N'Warn';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    ALTER TABLE [Features] ADD [BudgetCurrency] nvarchar(3) NOT NULL DEFAULT N'USD';
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    ALTER TABLE [Features] ADD [BudgetMicros] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    CREATE TABLE [EdgeSpends] (
        [Month] int NOT NULL,
        [Feature] nvarchar(64) NOT NULL,
        [Currency] nvarchar(3) NOT NULL,
        [EdgeId] nvarchar(64) NOT NULL,
        [Micros] bigint NOT NULL,
        [EstimatedMicros] bigint NOT NULL,
        [Unpriced] bigint NOT NULL,
        [UpTo] bigint NOT NULL,
        CONSTRAINT [PK_EdgeSpends] PRIMARY KEY ([Month], [Feature], [Currency], [EdgeId])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    INSERT INTO [EdgeSpends] ([Month], [Feature], [Currency], [EdgeId], [Micros], [EstimatedMicros], [Unpriced], [UpTo])
    SELECT YEAR(SYSUTCDATETIME()) * 100 + MONTH(SYSUTCDATETIME()), [Feature], [Currency], N'', SUM([CostMicros]), SUM([EstimatedCostMicros]), SUM([Unpriced]), 0
    FROM [AttemptRollups]
    WHERE [Step] = N'Day' AND [Feature] <> N'' AND [Start] >= DATEDIFF_BIG(second, CAST('0001-01-01' AS datetime2), CAST(DATEFROMPARTS(YEAR(SYSUTCDATETIME()), MONTH(SYSUTCDATETIME()), 1) AS datetime2)) * CAST(10000000 AS bigint)
    GROUP BY [Feature], [Currency];
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126115222_MonthlyBudgets'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126115222_MonthlyBudgets', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126121928_FailedOver'
)
BEGIN
    ALTER TABLE [Requests] ADD [FailedOver] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126121928_FailedOver'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126121928_FailedOver', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126151858_ShedCopies'
)
BEGIN
    ALTER TABLE [EdgeReports] ADD [ShedCopies] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126151858_ShedCopies'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126151858_ShedCopies', N'10.0.14');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126151939_SilenceOfEdges'
)
BEGIN
    ALTER TABLE [PlaneState] ADD [GoneBefore] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126151939_SilenceOfEdges'
)
BEGIN
    ALTER TABLE [PlaneState] ADD [HearingSince] bigint NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261126151939_SilenceOfEdges'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261126151939_SilenceOfEdges', N'10.0.14');
END;

COMMIT;
GO
