using ChatOps.Core.Commands;

namespace ChatOps.Core.Tests.Conventions;

/// <summary>House rules that no analyzer knows, each beside a violation that it must find.</summary>
public class ConventionTests
{
    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        Assert.Empty(SourceTree.TooLong(SourceTree.Sources, 300));
        Assert.NotEmpty(SourceTree.TooLong([("Long.cs", new string('\n', 301))], 300));
    }

    [Fact]
    public void No_interface_has_one_implementation()
    {
        Assert.Empty(SourceTree.LonelyInterfaces(SourceTree.Sources));
        Assert.Single(SourceTree.LonelyInterfaces([("Lonely.cs", "internal interface ILonely { }\npublic sealed class One(int a, Func<(int, int)> b) : Base(a), ILonely { }")]));
        Assert.Empty(SourceTree.LonelyInterfaces([("Two.cs", "interface ITwo { }\nclass A : ITwo { }\nsealed record B(int X) : ITwo;")]));
    }

    [Fact]
    public void What_is_public_is_sealed()
    {
        Assert.Empty(SourceTree.Open(SourceTree.Sources));
        Assert.Equal(2, SourceTree.Open([("Open.cs", "public class Open { }\n    public record OpenToo(int X);\npublic readonly record struct Fine;\npublic sealed class FineToo { }")]).Count());
    }

    [Fact]
    public void What_is_public_in_the_domain_says_what_its_name_cannot()
    {
        var core = SourceTree.Sources.Where(source => source.Path.StartsWith("src/ChatOps.Core/", StringComparison.Ordinal));

        Assert.Empty(SourceTree.Undocumented(core));
        Assert.Single(SourceTree.Undocumented([("Silent.cs", "namespace X;\n\npublic sealed record Silent;\n\n/// <summary>Said.</summary>\npublic sealed record Said;\n")]));
    }

    [Fact]
    public void The_command_table_of_the_readme_is_the_table_of_verbs()
    {
        var readme = Path.Combine(SourceTree.Root, "README.md");

        Assert.True(!File.Exists(readme) || HasTable(File.ReadAllText(readme)), "README.md does not have the table that Help.CommandTable makes");
        Assert.False(HasTable("# ChatOps\n" + Help.CommandTable.Replace("pause", "stop", StringComparison.Ordinal)));
        Assert.True(HasTable("# ChatOps\n\n" + Help.CommandTable + "\nmore"));
    }

    private static bool HasTable(string readme) => readme.ReplaceLineEndings("\n").Contains(Help.CommandTable.TrimEnd(), StringComparison.Ordinal);
}
