using System.Text;
using ChatOps.Platform.Git;

namespace ChatOps.Platform.Tests.Git;

/// <summary>Which repositories are asked, where, and what is read of a commit. Pure.</summary>
public class GitAddressTests
{
    private static readonly GitOptions Options = new()
    {
        Repositories =
        [
            new() { Url = "https://git.example.com/shop/", Token = "folder" },
            new() { Url = "https://git.example.com/shop/deploy.git", Token = "one" },
            new() { Url = "git@github.com:acme/", AskAt = "https://github.com/acme/" },
            new() { Url = "ssh://git@host/x.git", AskAt = "https://mirror.example.com/y.git" },
        ],
    };

    [Theory]
    [InlineData("https://git.example.com/shop/deploy.git", "https://git.example.com/shop/deploy.git/", "one")]
    [InlineData("https://git.example.com/shop/deploy", "https://git.example.com/shop/deploy.git/", "one")]
    [InlineData("https://git.example.com/shop/other.git", "https://git.example.com/shop/other.git/", "folder")]
    [InlineData("git@github.com:acme/shop.git", "https://github.com/acme/shop.git/", "")]
    [InlineData("ssh://git@host/x", "https://mirror.example.com/y.git/", "")]
    public void The_longest_entry_says_where_and_with_what(string repository, string at, string token)
    {
        var address = GitAddress.Of(repository, Options);

        Assert.Equal((at, token), (address?.Url.AbsoluteUri, address?.Entry.Token));
    }

    [Theory]
    [InlineData("https://git.example.com/shop/")]
    [InlineData("https://git.example.com/shopping/deploy.git")]
    [InlineData("https://git.example.com/shop/../other/deploy.git")]
    [InlineData("https://git.example.com/shop/%2e%2e/other/deploy.git")]
    [InlineData("https://git.example.com/shop/deploy.git?x=")]
    [InlineData("https://git.example.com/shop/deploy.git#x")]
    [InlineData("https://evil.example.com/shop/deploy.git")]
    [InlineData("")]
    public void No_other_is_ever_contacted(string repository) => Assert.Null(GitAddress.Of(repository, Options));

    [Fact]
    public void What_is_wrong_with_the_settings_is_said_at_once()
    {
        var options = new GitOptions
        {
            Repositories = [new(), new() { Url = "git@github.com:acme/" }, new() { Url = "http://git.example.com/x.git", Token = "t" }, new() { Url = "https://u:p@git.example.com/x.git" }, new() { Url = "https://a.example.com/", AskAt = "https://b.example.com/x.git" }],
        };

        Assert.Equal(["is empty", "cannot be asked", "without encryption", "cannot be asked", "ends with a slash"], options.Faults().Select(fault => new[] { "is empty", "cannot be asked", "without encryption", "ends with a slash" }.Single(word => fault.What.Contains(word, StringComparison.Ordinal))));
        Assert.Empty(Options.Faults());
    }

    [Fact]
    public void A_commit_says_who_what_and_when()
    {
        var note = PackedCommit.Note("tree 1\nparent 2\nauthor Dana <Dev> Äö <dana@example.com> 1795406400 +0100\ncommitter x <y> 0 +0000\n\nA fix\n\nwith a body\n")!;

        Assert.Equal(("Dana <Dev> Äö", "A fix", DateTimeOffset.FromUnixTimeSeconds(1795406400)), (note.Author, note.Message, note.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tree 1\nauthor nobody\n\nx")]
    [InlineData("author > < 1\n\n")]
    public void What_is_no_commit_is_none(string text) => Assert.Null(PackedCommit.Note(text));

    [Fact]
    public void A_pack_that_is_cut_or_holds_another_commit_says_nothing()
    {
        Assert.Null(PackedCommit.Read(Encoding.ASCII.GetBytes("PACK\0\0\0\u0002\0\0\0\u0001"), new string('1', 40)));
        Assert.Null(PackedCommit.Read([.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 1, 0x95, 0x0A, 0x78, 0x9C, 1, 2, 3], new string('1', 40)));
        Assert.Null(PackedCommit.Read([.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 1, 0xFF], new string('1', 40)));
        Assert.Null(PackedCommit.Read([], new string('1', 40)));
    }
}
