using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Git;

/// <summary>
/// Git's own protocol over https, version 2, as far as one branch and one commit go: every host speaks it, nothing is
/// cloned, and there is no git in the image. What a server says comes back as a <see cref="BranchLook"/>.
/// </summary>
public sealed class GitRevisions(GitOptions options, TimeProvider time) : IDisposable
{
    private const string Request = "application/x-git-upload-pack-request";
    private const int MostLines = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>So many commits are read between what was known and the newest; each is a question of its own.</summary>
    private const int MostSince = 20;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<BranchLook> LookAsync(string repository, string branch, string? known, CancellationToken ct)
    {
        if (GitAddress.Of(repository, options) is not { } address)
        {
            return new BranchLook.Silent($"{repository} is none of the repositories that I may ask", "Add it to Git:Repositories in the configuration.");
        }

        using var deadline = new Deadline(Patience, time, ct);
        try
        {
            if (await TipAsync(address, branch, deadline.Token) is not { } tip)
            {
                return new BranchLook.Absent();
            }

            var found = tip == known ? new BranchLook.Found(tip, null) : await ReadAsync(address, tip, known, deadline.Token);
            ct.ThrowIfCancellationRequested();
            return found;
        }
        catch (GitRefusedException refused)
        {
            return new BranchLook.Silent($"{repository} {refused.Message}", refused.Instead);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return e is InvalidDataException
                ? new BranchLook.Silent($"{repository} does not answer with version 2 of Git's protocol", "Set AskAt of its entry in Git:Repositories to an address that does.")
                : new BranchLook.Silent($"{repository} does not answer", "Try again in a minute.");
        }
    }

    /// <summary>Author and message of one commit; null when that is not to be had, for whatever reason.</summary>
    public async Task<CommitNote?> NoteOfAsync(string repository, string commit, CancellationToken ct)
    {
        if (!Commits.IsWhole(commit) || GitAddress.Of(repository, options) is not { } address)
        {
            return null;
        }

        using var deadline = new Deadline(Patience, time, ct);
        try
        {
            return (await ReadAsync(address, commit, known: null, deadline.Token)).Note;
        }
        catch (Exception e) when (e is GitRefusedException or HttpRequestException or IOException or InvalidDataException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>Null when the repository has no such branch.</summary>
    private async Task<string?> TipAsync(GitAddress address, string branch, CancellationToken ct)
    {
        var name = branch == "HEAD" ? branch : $"refs/heads/{branch}"; // what an application follows that says nothing
        var ask = PktLine.Of("command=ls-refs\n") + PktLine.Of("agent=chatops\n") + PktLine.Delimiter + PktLine.Of($"ref-prefix {name}\n") + PktLine.Flush;
        using var response = await PostAsync(address, ask, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        for (var lines = 0; lines < MostLines; lines++)
        {
            // Each a commit and its name, then a flush; an answer without that flush was cut off and proves nothing.
            var line = Encoding.UTF8.GetString(await PktLine.ReadAsync(body, ct) ?? throw new InvalidDataException("cut off")).TrimEnd('\n');
            if (line.Length == 0)
            {
                return null;
            }

            if (line.Split(' ') is not [var commit, var found, ..] || !Commits.IsWhole(commit))
            {
                throw new InvalidDataException("not a ref");
            }

            if (found == name)
            {
                return commit;
            }
        }

        throw new InvalidDataException("too much");
    }

    private async Task<BranchLook.Found> ReadAsync(GitAddress address, string tip, string? known, CancellationToken ct)
    {
        // Without trees where the server can, else only the beginning of the pack is read.
        var filter = await CanFilterAsync(address, ct) ? PktLine.Of("filter tree:0\n") : "";
        var newest = await CommitAsync(address, tip, filter, ct);
        if (newest is null || known is null)
        {
            return new(tip, newest?.Note);
        }

        try
        {
            return await SinceAsync(address, tip, newest, known, filter, ct) is (var since, var merges) ? new(tip, newest.Note) { Since = since, Merges = merges } : new(tip, newest.Note);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or GitRefusedException or OperationCanceledException)
        {
            return new(tip, newest.Note) { SinceUnread = true }; // a hiccup in the middle proves nothing of a branch
        }
    }

    /// <summary>From the newest back to the known one; null when that is not among as many as are read.</summary>
    private async Task<(IReadOnlyList<PushedCommit> Since, bool Merges)?> SinceAsync(GitAddress address, string tip, PackedCommit.Whole newest, string known, string filter, CancellationToken ct)
    {
        var since = new List<PushedCommit> { new(tip, newest.Note) };
        var next = new Queue<string>(newest.Parents);
        var seen = new HashSet<string>(newest.Parents) { tip };
        var merges = newest.Parents.Count > 1;
        while (next.TryDequeue(out var commit) && commit != known)
        {
            if (since.Count == MostSince || await CommitAsync(address, commit, filter, ct) is not { } read)
            {
                return null;
            }

            since.Add(new(commit, read.Note));
            merges |= read.Parents.Count > 1;
            foreach (var parent in read.Parents.Where(seen.Add))
            {
                next.Enqueue(parent);
            }
        }

        return seen.Contains(known) ? (since, merges) : null;
    }

    private async Task<PackedCommit.Whole?> CommitAsync(GitAddress address, string commit, string filter, CancellationToken ct)
    {
        var ask = PktLine.Of("command=fetch\n") + PktLine.Of("agent=chatops\n") + PktLine.Delimiter + PktLine.Of("no-progress\n") + PktLine.Of($"want {commit}\n") + PktLine.Of("deepen 1\n") + filter + PktLine.Of("done\n") + PktLine.Flush;
        using var response = await PostAsync(address, ask, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        using var pack = new MemoryStream();
        var inPack = false;
        while (pack.Length < PackedCommit.MostBytes && await PktLine.ReadAsync(body, ct) is { } line)
        {
            if (line is [1, ..] && inPack)
            {
                pack.Write(line.AsSpan(1));
            }

            inPack |= line.AsSpan().StartsWith("packfile"u8);
            if (inPack && line.Length == 0)
            {
                break;
            }
        }

        return PackedCommit.Read(pack.ToArray(), commit);
    }

    private async Task<bool> CanFilterAsync(GitAddress address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address.Url, "info/refs?service=git-upload-pack"));
        using var response = await SendAsync(request, address, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        for (var lines = 0; lines < 100 && await PktLine.ReadAsync(body, ct) is { } line; lines++)
        {
            var said = Encoding.UTF8.GetString(line).TrimEnd('\n');
            if (said.StartsWith("fetch=", StringComparison.Ordinal))
            {
                return said["fetch=".Length..].Split(' ').Contains("filter");
            }
        }

        return false;
    }

    private async Task<HttpResponseMessage> PostAsync(GitAddress address, string lines, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address.Url, "git-upload-pack"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(lines)) { Headers = { ContentType = new(Request) } },
        };
        return await SendAsync(request, address, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, GitAddress address, CancellationToken ct)
    {
        request.Headers.Add("Git-Protocol", "version=2");
        request.Headers.UserAgent.Add(new("git", "chatops"));
        if (address.Entry.Token.Length > 0)
        {
            var pair = Encoding.UTF8.GetBytes($"{address.Entry.Username}:{address.Entry.Token}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response);
        }
    }

    private static GitRefusedException Refused(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound =>
            new($"answers {(int)response.StatusCode}: it is not there, or I may not read it", "Check Url, Username and Token of its entry in Git:Repositories."),
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
            new($"answers from elsewhere ({response.Headers.Location?.GetLeftPart(UriPartial.Path) ?? "it does not say where"}), and I take my token nowhere else", "Set AskAt of its entry in Git:Repositories to that address."),
        _ => new($"answers {(int)response.StatusCode}", "Try again in a minute."),
    };

    /// <summary>The server answered, with a no.</summary>
    private sealed class GitRefusedException(string message, string instead) : Exception(message)
    {
        public string Instead { get; } = instead;
    }
}
