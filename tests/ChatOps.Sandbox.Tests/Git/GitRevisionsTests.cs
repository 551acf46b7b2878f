using ChatOps.Core.Revisions;
using ChatOps.Platform.Git;
using ChatOps.Sandbox.Git;

namespace ChatOps.Sandbox.Tests.Git;

/// <summary>What the product learns of a branch from a real git, over HTTP.</summary>
public sealed class GitRevisionsTests : IAsyncLifetime
{
    private const string Url = "https://git.example.com/shop.git";
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-git-").FullName;
    private GitRepository repository = null!;
    private GitServer server = null!;

    public async Task InitializeAsync()
    {
        repository = await GitRepository.CreateAsync(Path.Combine(folder, "shop.git"), TimeProvider.System, CancellationToken.None);
        await repository.CommitAsync("main", "first", new Dictionary<string, string?> { ["a.txt"] = new('a', 300_000) }, CancellationToken.None);
        server = await GitServer.StartAsync(new Dictionary<string, string> { ["shop.git"] = repository.Path }, CancellationToken.None, token: "right");
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        repository.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_branch_is_its_newest_commit_with_author_message_and_time(bool canFilter)
    {
        await GitCommand.RunAsync(repository.Path, CancellationToken.None, "config", "uploadpack.allowFilter", canFilter ? "true" : "false");
        await repository.CommitAsync("fix/x-2", "not this one", new Dictionary<string, string?> { ["a.txt"] = "b" }, CancellationToken.None);
        var commit = await repository.CommitAsync("fix/x", "Back to the old gateway\n\nIt was better.", new Dictionary<string, string?> { ["a.txt"] = "c" }, CancellationToken.None);
        using var git = Git("right");

        var found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix/x", null, CancellationToken.None));

        Assert.Equal((commit, "dev", "Back to the old gateway"), (found.Commit, found.Note?.Author, found.Note?.Message));
        Assert.NotNull(found.Note!.At);
        var served = server.Served;
        Assert.Equal(new BranchLook.Found(commit, null), await git.LookAsync(Url, "fix/x", commit, CancellationToken.None));
        Assert.Equal(served + 1, server.Served);
    }

    /// <summary>What an application follows that names no revision.</summary>
    [Fact]
    public async Task HEAD_is_the_newest_commit_of_the_main_branch_with_what_came_since()
    {
        var known = (await repository.ResolveAsync("main", CancellationToken.None))!;
        var tip = await repository.CommitAsync("main", "Second thoughts", new Dictionary<string, string?> { ["a.txt"] = "b" }, CancellationToken.None);
        using var git = Git("right");

        var found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "HEAD", known, CancellationToken.None));

        Assert.Equal((tip, "Second thoughts"), (found.Commit, Assert.Single(found.Since!).Note.Message));
    }

    /// <summary>What is deployed is not always the tip of anything.</summary>
    [Fact]
    public async Task A_commit_has_an_author_and_a_message_and_where_nobody_answers_it_has_none()
    {
        var commit = await repository.CommitAsync("main", "Second thoughts", new Dictionary<string, string?> { ["a.txt"] = "b" }, CancellationToken.None);
        await repository.CommitAsync("main", "third", new Dictionary<string, string?> { ["a.txt"] = "c" }, CancellationToken.None);
        using var git = Git("right");

        Assert.Equal(("dev", "Second thoughts"), (await git.NoteOfAsync(Url, commit, CancellationToken.None)) is { } note ? (note.Author, note.Message) : default);
        Assert.Null(await git.NoteOfAsync("https://evil.example.com/x.git", commit, CancellationToken.None));
        Assert.Null(await git.NoteOfAsync(Url, new string('f', 40), CancellationToken.None));
        server.IsDown = true;
        Assert.Null(await git.NoteOfAsync(Url, commit, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_pushed_on_top_is_told_commit_by_commit_and_what_replaced_it_is_not_taken_for_that(bool canFilter)
    {
        await GitCommand.RunAsync(repository.Path, CancellationToken.None, "config", "uploadpack.allowFilter", canFilter ? "true" : "false");
        var known = await PushAsync("one");
        var second = await PushAsync("two");
        var third = await PushAsync("three");
        using var git = Git("right");

        var found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", known, CancellationToken.None));
        Assert.Equal([(third, "three"), (second, "two")], found.Since!.Select(one => (one.Commit, one.Note.Message)));
        Assert.Null(Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", null, CancellationToken.None)).Since);

        await GitCommand.RunAsync(repository.Path, CancellationToken.None, "update-ref", "refs/heads/fix", second);
        var amended = await PushAsync("three, amended");
        found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", third, CancellationToken.None));
        Assert.Equal((amended, "three, amended", null), (found.Commit, found.Note?.Message, found.Since));
    }

    [Fact]
    public async Task What_a_merge_brought_in_besides_is_known_not_to_be_listed()
    {
        var known = await PushAsync("one");
        await repository.CommitAsync("side", "aside", new Dictionary<string, string?> { ["b.txt"] = "b" }, CancellationToken.None);
        var merge = (await GitCommand.RunAsync(repository.Path, CancellationToken.None, "-c", "user.name=dev", "-c", "user.email=dev@example.com", "commit-tree", $"{known}^{{tree}}", "-p", known, "-p", "side", "-m", "merged")).Trim();
        await GitCommand.RunAsync(repository.Path, CancellationToken.None, "update-ref", "refs/heads/fix", merge);
        using var git = Git("right");

        var found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", known, CancellationToken.None));
        Assert.Equal((merge, true, merge), (found.Commit, found.Merges, Assert.Single(found.Since!).Commit));

        var next = await PushAsync("two");
        found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", merge, CancellationToken.None));
        Assert.Equal((next, false), (found.Commit, found.Merges));
    }

    [Fact]
    public async Task A_host_that_breaks_off_in_the_middle_proves_no_branch_rewritten()
    {
        var known = await PushAsync("one");
        await PushAsync("two");
        var third = await PushAsync("three");
        using var git = Git("right");
        server.DownAfter = server.Served + 3; // the branch, what the host can, the newest commit

        var found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", known, CancellationToken.None));

        Assert.Equal((third, "three", null, true), (found.Commit, found.Note?.Message, found.Since, found.SinceUnread));
        server.DownAfter = null;
        found = Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", known, CancellationToken.None));
        Assert.Equal((2, false), (found.Since!.Count, found.SinceUnread));
    }

    [Fact]
    public async Task A_branch_that_has_gone_on_for_too_long_is_not_known_to_contain_what_was_known()
    {
        var known = await PushAsync("the first");
        for (var number = 0; number < 21; number++)
        {
            await PushAsync($"number {number}");
        }

        using var git = Git("right");
        Assert.Null(Assert.IsType<BranchLook.Found>(await git.LookAsync(Url, "fix", known, CancellationToken.None)).Since);
    }

    [Fact]
    public async Task No_branch_is_told_from_no_answer()
    {
        using var git = Git("right");

        Assert.IsType<BranchLook.Absent>(await git.LookAsync(Url, "fix", null, CancellationToken.None));
        Assert.IsType<BranchLook.Absent>(await git.LookAsync(Url, "mai", null, CancellationToken.None));
        server.IsDown = true;
        Assert.Contains("503", Assert.IsType<BranchLook.Silent>(await git.LookAsync(Url, "fix", null, CancellationToken.None)).Why, StringComparison.Ordinal);
        await server.DisposeAsync();
        Assert.Contains("does not answer", Assert.IsType<BranchLook.Silent>(await git.LookAsync(Url, "fix", null, CancellationToken.None)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_and_an_unknown_repository_are_said_and_the_token_is_not()
    {
        using var git = Git("wr0ng");

        var refused = Assert.IsType<BranchLook.Silent>(await git.LookAsync(Url, "main", null, CancellationToken.None));
        Assert.Contains("401", refused.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", refused.Why + refused.Instead, StringComparison.Ordinal);
        Assert.Contains("may ask", Assert.IsType<BranchLook.Silent>(await git.LookAsync("https://evil.example.com/x.git", "main", null, CancellationToken.None)).Why, StringComparison.Ordinal);
        Assert.Equal(0, server.Served);
    }

    private Task<string> PushAsync(string message) => repository.CommitAsync("fix", message, new Dictionary<string, string?> { ["a.txt"] = message }, CancellationToken.None);

    private GitRevisions Git(string token) => new(new() { Repositories = [new() { Url = Url, AskAt = new Uri(server.Url, "shop.git").ToString(), Token = token }] }, TimeProvider.System);
}
