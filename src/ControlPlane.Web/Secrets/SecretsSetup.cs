using ControlPlane.Web.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Secrets;

internal static class SecretsSetup
{
    // Fixed: several nodes, and versions of the product in other folders, read each other's cookies.
    private const string ApplicationName = "ControlPlane";

    public static void AddSecrets(this IServiceCollection services)
    {
        services.AddSingleton<Vault>();
        services.AddSingleton<KeyEncryptionKey>();
        services.AddSingleton<SecretStore>();
        services.AddSingleton<OpenedSecrets>();
        services.AddSingleton<EnvelopeSigner>();
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new SealedKeyRepository(
                provider.GetRequiredService<IDbContextFactory<ControlPlaneDb>>(),
                provider.GetRequiredService<Vault>(),
                provider.GetRequiredService<TimeProvider>())));
    }
}
