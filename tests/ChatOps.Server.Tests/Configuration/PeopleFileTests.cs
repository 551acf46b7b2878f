using ChatOps.Core.People;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Tests.Configuration;

public sealed class PeopleFileTests : IDisposable
{
    private const string Bob = """{"name":"bob","slack":{"team":"T1","user":"U2"},"kubernetesUser":"bob@example.org","kubernetesGroups":["sre"]}""";

    private readonly string folder = Directory.CreateTempSubdirectory("chatops-people-").FullName;

    private string Path => System.IO.Path.Combine(folder, "people.json");

    public static TheoryData<string, string> NotRight => new()
    {
        { "", "no JSON list" },
        { "null", "not a list of people" },
        { "[null]", "not a list of people" },
        { $"[{Bob}", "no JSON list" },
        { """{"People":[]}""", "no JSON list" },
        { """[{"name":"carol","slak":{"team":"T1","user":"U3"}}]""", "$[0].slak" },
        { """[{"name":"carol","name":"dave","slack":{"team":"T1","user":"U3"}}]""", "no JSON list" },
        { """[{"name":"carol","slack":{"team":"T1","user":"@carol"}}]""", "entry 0 (carol):Slack is not a pair of ids" },
        { """[{"name":"carol","slack":{"team":"T1","user":"U1"}}]""", "alice and carol have the account" },
        { """[{"name":"Alice","slack":{"team":"T1","user":"U3"}}]""", "have the name ALICE" },
        { """[{"name":"carol","slack":{"team":"T1","user":"U3"},"kubernetesUser":"alice@example.org"}]""", "alice and carol have the Kubernetes user" },
        { $$"""[{{Bob}},{"name":"carol"}]""", "entry 1 (carol) has no chat account" },
    };

    [Fact]
    public void Its_people_count_beside_the_configured_and_are_known_by_it()
    {
        File.WriteAllText(Path, $"[{Bob}]");

        var file = Of();

        Assert.Empty(file.Faults);
        Assert.Equal((Recognition.Configured, Recognition.MappingFile), (file.Register.Find("alice")!.KnownBy, file.Register.Find("bob")!.KnownBy));
        Assert.Equal(["sre"], file.Register.Find("bob")!.KubernetesGroups);
        Assert.Equal("bob", file.Register.Find(new ChatAccount(ChatPlatform.Slack, "T1", "U2"))!.Name);
    }

    [Theory]
    [MemberData(nameof(NotRight))]
    public void What_is_not_right_changes_nobody_and_is_told_once_until_it_is_another(string content, string what)
    {
        File.WriteAllText(Path, $"[{Bob}]");
        var file = Of();

        File.WriteAllText(Path, content);

        Assert.True(file.Look());
        Assert.Contains(file.Faults, fault => fault.What.Contains(what, StringComparison.Ordinal) && fault.Fix.Length > 0);
        Assert.DoesNotContain(file.Faults, fault => fault.What.Contains("@carol", StringComparison.Ordinal));
        Assert.Equal(["alice", "bob"], file.Register.People.Select(person => person.Name).Order());
        Assert.Equal(1, file.Counting);
        Assert.False(file.Look());
    }

    [Fact]
    public void A_file_that_is_not_there_leaves_the_configured_and_one_that_comes_counts_as_a_whole()
    {
        var file = Of();
        Assert.Contains("cannot be read", Assert.Single(file.Faults).What, StringComparison.Ordinal);
        Assert.Equal(["alice"], file.Register.People.Select(person => person.Name));

        File.WriteAllText(Path, $"[{Bob}]");
        Assert.True(file.Look());
        Assert.Equal((2, 0), (file.Register.People.Count, file.Faults.Count));

        File.WriteAllText(Path, "[]");
        Assert.True(file.Look());
        Assert.Null(file.Register.Find("bob"));
    }

    [Fact]
    public void A_file_that_went_away_leaves_its_people_and_is_named_until_it_is_back()
    {
        File.WriteAllText(Path, $"[{Bob}]");
        var file = Of();

        File.Delete(Path);
        Assert.True(file.Look());
        Assert.NotNull(file.Register.Find("bob"));
        Assert.Single(file.Faults);

        File.WriteAllText(Path, $"[{Bob}]");
        Assert.True(file.Look());
        Assert.Empty(file.Faults);
    }

    /// <summary>As a ConfigMap is mounted: a link to a directory, which is swapped.</summary>
    [Fact]
    public void A_swapped_link_is_another_file()
    {
        foreach (var (at, content) in new[] { ("one", $"[{Bob}]"), ("two", "[]") })
        {
            File.WriteAllText(System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(folder, at)).FullName, "people.json"), content);
        }

        File.CreateSymbolicLink(System.IO.Path.Combine(folder, "..data"), "one");
        File.CreateSymbolicLink(Path, "..data/people.json");
        var file = Of();
        Assert.NotNull(file.Register.Find("bob"));

        File.Delete(System.IO.Path.Combine(folder, "..data"));
        File.CreateSymbolicLink(System.IO.Path.Combine(folder, "..data"), "two");

        Assert.True(file.Look());
        Assert.Null(file.Register.Find("bob"));
    }

    [Fact]
    public void A_file_too_large_to_be_one_is_not_read()
    {
        File.WriteAllText(Path, new string(' ', 4_000_001));

        Assert.Contains("4000001 bytes", Assert.Single(Of().Faults).What, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private PeopleFile Of() => new(new IdentityOptions
    {
        PeopleFile = Path,
        People = { new PersonOptions { Name = "alice", Slack = new() { Team = "T1", User = "U1" }, KubernetesUser = "alice@example.org" } },
    });
}
