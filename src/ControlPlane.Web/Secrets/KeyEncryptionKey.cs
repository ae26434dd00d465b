using System.Security.Cryptography;
using ControlPlane.Web.Data;
using Microsoft.Extensions.Options;

namespace ControlPlane.Web.Secrets;

/// <summary>Reads the key-encryption key from the settings or its file. It is never in the database.</summary>
internal sealed class KeyEncryptionKey(IOptions<PlaneOptions> options)
{
    public const int Bytes = 32;
    private const string FileName = "key-encryption-key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Path => System.IO.Path.Combine(System.IO.Path.GetFullPath(options.Value.DataDirectory), FileName);

    /// <returns>The key, or a sentence that says why there is none.</returns>
    public (byte[]? Key, string Problem) Read()
    {
        string configured = options.Value.KeyEncryptionKey;
        if (configured.Length > 0) return Parse(configured, "ControlPlane:KeyEncryptionKey");
        if (!File.Exists(Path)) return (null, $"The key file {Path} is missing. Restore it, or set ControlPlane:KeyEncryptionKey, and restart.");
        try
        {
            return Parse(File.ReadAllText(Path), Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The key file {Path} could not be read ({e.GetType().Name}).");
        }
    }

    /// <summary>First run only: makes the key file, readable by its owner alone.</summary>
    public void CreateFileIfMissing()
    {
        if (options.Value.KeyEncryptionKey.Length > 0 || File.Exists(Path)) return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!); // a full path of a file has a folder
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = OwnerOnly;
        using var file = new StreamWriter(Path, how);
        file.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
    }

    private static (byte[]? Key, string Problem) Parse(string base64, string source)
    {
        var key = new byte[Bytes];
        return Convert.TryFromBase64String(base64.Trim(), key, out int length) && length == Bytes
            ? (key, "")
            : (null, $"{source} does not hold {Bytes} bytes in base64.");
    }
}
