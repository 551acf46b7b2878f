using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.Access;

public sealed class RolePolicyTests
{
    private const string Role = "chatops-0193d5c0aaaa7000800000000000000a-1795426200";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("p, proj:x:dev, applications, get, x/*, allow", true)]
    [InlineData("p,proj:x:dev,applications,get,x/*,allow", true)]
    [InlineData("  p, proj:x:dev, applications, get, x/*, deny  ", true)]
    [InlineData("g, \"CN=x,OU=y\", proj:x:dev", true)]
    [InlineData("# a comment", true)]
    [InlineData("", true)]
    [InlineData("nonsense", false)]
    [InlineData("p, proj:x:dev, applications, get, x/*", false)]
    [InlineData("p, proj:x:dev, applications, get, x/*, allow, more", false)]
    [InlineData("P, proj:x:dev, applications, get, x/*, allow", false)]
    [InlineData("p , proj:x:dev, applications, get, x/*, allow", false)]
    [InlineData("g, CN=x,OU=y, proj:x:dev", false)]
    [InlineData("p, proj:x:dev, applications, get, x/\"a\", allow", false)]
    [InlineData("g, \"CN=x, proj:x:dev", false)]
    [InlineData("p, proj:x:dev, applications, get, x/*, allow\nnonsense", false)]
    public void A_line_is_read_as_Argo_CD_reads_it(string line, bool loads) => Assert.Equal(loads, PolicyLine.Loads(line));

    [Theory]
    [InlineData("shop", "shop/checkout", "get", null)]
    [InlineData("shop", "shop/teams/checkout", "get", null)]
    [InlineData("shop", "shop/*", "get", "does not name one application")]
    [InlineData("shop", "shop/checkout, allow\np, x", "get", "does not name one application")]
    [InlineData("sh*p", "sh*p/checkout", "get", "does not name one application")]
    [InlineData("shop", "shop", "get", "does not name one application")]
    [InlineData("shop", "shop/checkout", "update", "not all actions")]
    [InlineData("shop", "shop/checkout", "get, shop/*, allow", "not all actions")]
    public void What_reads_otherwise_than_it_was_meant_is_never_written(string project, string on, string action, string? wrong)
    {
        var said = RolePolicy.WhatIsWrong(RolePolicy.Lines(project, Role, on, [action]), project, Role, on, [action]);

        Assert.True(wrong is null ? said is null : said?.Contains(wrong, StringComparison.Ordinal) == true, said);
    }

    [Fact]
    public void A_line_too_many_another_role_and_a_denial_are_no_policy_of_a_grant()
    {
        var lines = RolePolicy.Lines("shop", Role, "shop/checkout", ["get"]);

        Assert.Null(WhatIsWrong([.. lines]));
        Assert.NotNull(WhatIsWrong([.. lines, .. lines]));
        Assert.NotNull(WhatIsWrong(["# nothing"]));
        Assert.NotNull(WhatIsWrong([lines[0].Replace(Role, "dev", StringComparison.Ordinal)]));
        Assert.NotNull(WhatIsWrong([lines[0].Replace("allow", "deny", StringComparison.Ordinal)]));
        Assert.NotNull(RolePolicy.WhatIsWrong(lines, "shop", "dev", "shop/checkout", ["get"]));

        static string? WhatIsWrong(IReadOnlyList<string> read) => RolePolicy.WhatIsWrong(read, "shop", Role, "shop/checkout", ["get"]);
    }

    /// <summary>What the oracle judges is what is written. CHATOPS_GOLDEN=write writes the file anew.</summary>
    [Fact]
    public void What_the_oracle_judges_is_what_is_written()
    {
        var roles = new JsonArray(
            Written("api-team", new("argocd", "argocd", "api-shop"), "alice@example.com", "get", "sync"),
            Written("api-team", new("argocd", "teams", "api-shop"), "bob@example.com", "get", "logs", "exec", "action/apps/Deployment/restart", "action//Pod/*"));
        var file = Path.Combine(Repository.Root, "tests/oracles/casbin/roles.json");
        var text = roles.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") == "write")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    /// <summary>
    /// The project in the recordings project-in-git-has-roles-csa, project-in-git-has-roles-ssa, project-in-git-has-no-roles-csa
    /// and project-in-git-has-no-roles-ssa, after the first sync; there the role was taken back just where this says so.
    /// </summary>
    [Theory]
    [InlineData("has-roles-csa", true)]
    [InlineData("has-roles-ssa", true)]
    [InlineData("has-no-roles-csa", false)]
    [InlineData("has-no-roles-ssa", false)]
    public void A_project_as_a_real_Argo_CD_applied_it_from_Git_is_told_by_whether_Git_has_roles(string recorded, bool isRefused)
    {
        using var project = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, $"tests/ChatOps.Platform.Tests/Access/projects/{recorded}.json")));

        var (takenBack, risk) = Judge(project.RootElement, "");

        Assert.Equal(isRefused, takenBack is not null);
        Assert.Contains($"{project.RootElement.Text("metadata", "name")}-parent", takenBack ?? risk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parent_that_replaces_the_project_whole_takes_roles_back_that_its_Git_never_had()
    {
        using var project = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/ChatOps.Platform.Tests/Access/projects/has-no-roles-csa.json")));

        Assert.Contains("Replace=true", Judge(project.RootElement, """ "syncPolicy": { "syncOptions": ["Replace=true"] } """).TakenBack, StringComparison.Ordinal);
    }

    private static (string? TakenBack, string? Risk) Judge(JsonElement project, string parentSpec)
    {
        using var parent = JsonDocument.Parse($$$"""{ "spec": { {{{parentSpec}}} }, "status": { "resources": [{ "group": "argoproj.io", "kind": "AppProject", "namespace": "argocd", "name": "{{{project.Text("metadata", "name")}}}" }] } }""");
        return ProjectOwner.Judge(ProjectList.Roles, new(project), Owners.ClaimedParent(new(project), "argocd", ProjectOwner.Kind), parent.RootElement);
    }

    private static JsonObject Written(string project, ChatOps.Core.Reconciliation.ApplicationRef application, string subject, params string[] actions)
    {
        var grant = GrantOf(project, application, subject, actions);
        var role = ProjectRoles.Role(grant, "argocd");
        var lines = role["policies"]!.AsArray().Select(line => (string)line!).ToList();
        Assert.Null(RolePolicy.WhatIsWrong(lines, project, grant.ObjectName, RolePolicy.Object(project, "argocd", application.Namespace, application.Name), actions));
        return new() { ["project"] = project, ["role"] = role };
    }

    private static Grant GrantOf(string project, ChatOps.Core.Reconciliation.ApplicationRef application, string subject, string[] actions) => new()
    {
        Id = Guid.Parse("0193d5c0-aaaa-7000-8000-00000000000a"),
        Kind = GrantKind.ArgoCdRole,
        Incident = 7,
        Operation = Guid.Empty,
        Person = "alice",
        Subject = subject,
        Role = "deployer",
        Target = application,
        Scope = new("production", ["argocd"], "", actions) { Project = project },
        Reason = "",
        StartedAt = Some.Now,
        EndsAt = DateTimeOffset.FromUnixTimeSeconds(1795426200),
        FirstStartedAt = Some.Now,
        Latest = Some.Now,
        Probes = [],
        State = GrantState.Active,
    };
}
