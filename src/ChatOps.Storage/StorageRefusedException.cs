namespace ChatOps.Storage;

/// <summary>The store will not be opened, backed up or restored like this. The message says why and what to do, to a person.</summary>
public sealed class StorageRefusedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Another process has it open at this moment; a command that only copies it is done in a moment.</summary>
    public bool IsInUse { get; init; }
}
