using Microsoft.Extensions.Options;

namespace ChatOps.Storage;

public enum StorageProvider
{
    LiteDb,
    Postgres,
}

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>This version knows LiteDb: one file, one process.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.LiteDb;

    /// <summary>Where it is.</summary>
    public LiteDbOptions LiteDb { get; set; } = new();
}

public sealed class LiteDbOptions
{
    /// <summary>The file, on a disk that survives the process; its directory also takes the log, the lock and the key.</summary>
    public string Path { get; set; } = "";
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (!Enum.IsDefined(options.Provider))
        {
            return ValidateOptionsResult.Fail("Storage:Provider is not one that this version knows. Set it to LiteDb.");
        }

        if (options.Provider == StorageProvider.Postgres)
        {
            return ValidateOptionsResult.Fail("Storage:Provider is Postgres, which this version does not have yet. Set it to LiteDb, with Storage:LiteDb:Path.");
        }

        if (string.IsNullOrWhiteSpace(options.LiteDb.Path))
        {
            return ValidateOptionsResult.Fail("Storage:LiteDb:Path is not set. Name a file on a disk that survives the process, for example /var/lib/chatops/chatops.db.");
        }

        return Directory.Exists(options.LiteDb.Path)
            ? ValidateOptionsResult.Fail($"Storage:LiteDb:Path is {options.LiteDb.Path}, a directory. Name a file in it, for example chatops.db.")
            : ValidateOptionsResult.Success;
    }
}
