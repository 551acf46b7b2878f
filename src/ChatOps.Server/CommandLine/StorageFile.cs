namespace ChatOps.Server.CommandLine;

/// <summary>Copies the store, as of one moment, into a file that must not exist yet.</summary>
public sealed class StorageBackup(Func<string, CancellationToken, Task> backup)
    : CliCommand("storage backup", "<file>", "copy the store to a new file, also while it is in use")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        if (arguments is not [{ Length: > 0 } file])
        {
            return Misused(output, "storage backup needs the file to write.");
        }

        if (File.Exists(file))
        {
            return output.Misuse($"{file} exists. A backup never overwrites one: give another name.");
        }

        await backup(Path.GetFullPath(file), ct);
        await output.Out.WriteLineAsync($"Written to {file}.");
        return ExitCode.Good;
    }
}

/// <summary>Puts a backup in the place of the store. The server must not run.</summary>
public sealed class StorageRestore(Func<string, CancellationToken, Task> restore)
    : CliCommand("storage restore", "<file>", "replace the store by a backup; the server must be stopped")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        if (arguments is not [{ Length: > 0 } file])
        {
            return Misused(output, "storage restore needs the file to read.");
        }

        if (!File.Exists(file))
        {
            return output.Misuse($"{file} does not exist.");
        }

        await restore(Path.GetFullPath(file), ct);
        await output.Out.WriteLineAsync("Restored. Nothing old will be posted or done again; at the next start, overrides found in the clusters are taken over.");
        return ExitCode.Good;
    }
}
