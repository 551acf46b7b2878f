using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Tests.Policy;

/// <summary>The policy that we hand out, and the page that is generated from it.</summary>
public class SamplePolicyTests
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    private static readonly string Root = FindRoot();

    [Fact]
    public void The_sample_policy_is_sound_with_its_people()
    {
        var holders = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["on-call"] = ["alice"],
            ["commander"] = ["bob", "carol"],
            ["platform"] = ["dave"],
        };

        Assert.All(PolicyCheck.Of(Sample(), holders), finding => Assert.True(finding.Ok, $"{finding.What}: {finding.Fix}"));
    }

    [Fact]
    public void The_page_is_what_the_rulebook_says()
    {
        var page = Path.Combine(Root, "docs", "policy.md");
        var generated = PolicyDocument.Markdown(Sample());
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            File.WriteAllText(page, generated);
        }

        Assert.True(File.Exists(page) && File.ReadAllText(page) == generated, "docs/policy.md is not what the sample policy says: run the tests once with UPDATE_DOCS=1");
    }

    private static PolicyConfiguration Sample()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "appsettings.example.json")), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return settings.RootElement.GetProperty("Policy").Deserialize<PolicyConfiguration>(Strict)!;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ChatOps.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("ChatOps.sln is in no folder above the tests");
        }

        return folder;
    }
}
