using System.Text;

namespace ChatOps.Sandbox.Git;

/// <summary>A bare repository on disk that is written by commits alone, with no working tree.</summary>
public sealed class GitRepository : IDisposable
{
    private readonly SemaphoreSlim writing = new(1);
    private readonly TimeProvider time;

    private GitRepository(string path, TimeProvider time)
    {
        Path = path;
        this.time = time;
    }

    public string Path { get; }

    public static async Task<GitRepository> CreateAsync(string path, TimeProvider time, CancellationToken ct)
    {
        Directory.CreateDirectory(path);
        await GitCommand.RunAsync(path, ct, "init", "--quiet", "--bare", "--initial-branch=main", ".");
        return new GitRepository(path, time);
    }

    /// <summary>Puts files (null removes one) on top of what the branch, or else <paramref name="from"/>, has; answers the commit.</summary>
    public async Task<string> CommitAsync(string branch, string message, IReadOnlyDictionary<string, string?> files, CancellationToken ct, string from = "main")
    {
        await writing.WaitAsync(ct);
        try
        {
            var parent = await ResolveAsync(branch, ct) ?? await ResolveAsync(from, ct);
            var seconds = time.GetUtcNow().ToUnixTimeSeconds();
            var script = new StringBuilder();
            script.Append($"commit refs/heads/{branch}\n").Append($"committer dev <dev@example.com> {seconds} +0000\n");
            Data(script, message);
            if (parent is not null)
            {
                script.Append($"from {parent}\n");
            }

            foreach (var (name, content) in files)
            {
                if (content is null)
                {
                    script.Append($"D {name}\n");
                    continue;
                }

                script.Append($"M 100644 inline {name}\n");
                Data(script, content);
            }

            var (exitCode, _, error) = await GitCommand.TryAsync(Path, script.ToString(), null, ct, "fast-import", "--quiet", "--force");
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"git fast-import failed: {error}");
            }

            return await ResolveAsync(branch, ct) ?? throw new InvalidOperationException($"no branch {branch} after a commit to it");
        }
        finally
        {
            writing.Release();
        }
    }

    public Task DeleteBranchAsync(string branch, CancellationToken ct) => GitCommand.RunAsync(Path, ct, "update-ref", "-d", $"refs/heads/{branch}");

    /// <summary>A file as a revision has it.</summary>
    public Task<string> ReadAsync(string revision, string file, CancellationToken ct) => GitCommand.RunAsync(Path, ct, "show", $"{revision}:{file}");

    public Task<string?> ResolveAsync(string revision, CancellationToken ct) => ResolveAsync(Path, revision, ct);

    public void Dispose() => writing.Dispose();

    internal static async Task<string?> ResolveAsync(string path, string revision, CancellationToken ct)
    {
        var (exitCode, output, _) = await GitCommand.TryAsync(path, null, null, ct, "rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}");
        return exitCode == 0 ? output.Trim() : null;
    }

    private static void Data(StringBuilder script, string text) => script.Append($"data {Encoding.UTF8.GetByteCount(text)}\n").Append(text).Append('\n');
}
