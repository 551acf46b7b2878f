using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>The janitor next to Argo CD: roles past the moment in their name, with their tokens, against a real API server.</summary>
public sealed class ProjectJanitorTests(ProjectCluster cluster) : IClassFixture<ProjectCluster>
{
    [RealClusterFact]
    public async Task It_ends_what_is_past_with_its_tokens_and_leaves_the_rest()
    {
        var now = DateTimeOffset.UtcNow;
        var (past, older, open, gone) = (Name(now.AddSeconds(-1)), Name(now.AddHours(-3)), Name(now.AddHours(1)), Name(now.AddMinutes(-5)));
        await cluster.MakeAsync("janitor", $$"""
            [{ "name": "{{past}}", "groups": ["alice"] }, { "name": "dev", "groups": ["developers"] }, { "name": "{{open}}", "groups": ["bob"] },
             { "name": "{{older}}", "groups": ["carol"] }, { "name": "chatops-reader", "groups": ["chatops"] }]
            """);
        await cluster.PatchAsync("janitor", $$"""
            [{ "op": "add", "path": "/status", "value": { "jwtTokensByRole": { "{{past}}": { "items": [{ "iat": 1 }] }, "{{gone}}": { "items": [{ "iat": 2 }] }, "{{open}}": { "items": [{ "iat": 3 }] }, "dev": { "items": [{ "iat": 4 }] } } } }]
            """);

        var (exit, said) = await Janitor.RunAsync(cluster.Server, "argocd", wide: "");

        Assert.True(exit == 0, said);
        Assert.Equal(["dev", open, "chatops-reader"], await cluster.RolesAsync("janitor"));
        Assert.Equal(new[] { open, "dev" }.Order(StringComparer.Ordinal), (await cluster.ReadAsync("janitor"))["status"]!["jwtTokensByRole"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    /// <summary>More than fits into an argument of a command, whoever else's stand between them, and however many tokens somebody had of one.</summary>
    [RealClusterTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_many_one_project_holds_one_look_ends_them_all(bool hasOthers)
    {
        var past = Enumerable.Range(1, 420).Select(one => Name(DateTimeOffset.UtcNow.AddMinutes(-one))).ToList();
        var roles = new JsonArray([.. past.Select(Role)]);
        roles[0]!["jwtTokens"] = new JsonArray([.. Enumerable.Range(1, 2000).Select(iat => (JsonNode)new JsonObject { ["iat"] = iat, ["exp"] = iat + 3600, ["id"] = $"{Guid.NewGuid()}" })]);
        if (hasOthers)
        {
            roles.Insert(0, Role("dev"));
            roles.Insert(200, Role(Name(DateTimeOffset.UtcNow.AddHours(1))));
        }

        var tokens = new JsonObject(past.Append(Name(DateTimeOffset.UtcNow.AddHours(-9))).Select(name => KeyValuePair.Create<string, JsonNode?>(name, JsonNode.Parse("""{ "items": [{ "iat": 1 }] }"""))));
        await cluster.MakeAsync("many");
        await cluster.PatchAsync("many", $$"""[{ "op": "add", "path": "/spec/roles", "value": {{roles.ToJsonString()}} }, { "op": "add", "path": "/status", "value": { "jwtTokensByRole": {{tokens.ToJsonString()}} } }]""");

        var (exit, said) = await Janitor.RunAsync(cluster.Server, "argocd", wide: "");

        Assert.True(exit == 0, said);
        var left = await cluster.ReadAsync("many");
        Assert.Equal(hasOthers ? 2 : null, left["spec"]!["roles"]?.AsArray().Count); // gone as a whole where none was before
        Assert.Empty(left["status"]!["jwtTokensByRole"]!.AsObject());
    }

    [RealClusterFact]
    public async Task What_it_may_not_patch_it_says_and_the_others_end_all_the_same()
    {
        await cluster.MakeAsync("payments", $$"""[{ "name": "{{Name(DateTimeOffset.UtcNow.AddHours(-1))}}" }]"""); // rbac gives it no right there
        await cluster.MakeAsync("others", $$"""[{ "name": "{{Name(DateTimeOffset.UtcNow.AddHours(-1))}}" }]""");
        try
        {
            var (exit, said) = await Janitor.RunAsync(cluster.Server, "argocd", wide: "");

            Assert.True(exit == 1, said);
            Assert.Contains("payments", said, StringComparison.Ordinal);
            Assert.Empty(await cluster.RolesAsync("others"));
        }
        finally
        {
            await cluster.MakeAsync("payments", "[]");
        }
    }

    private static JsonNode Role(string name) => new JsonObject
    {
        ["name"] = name,
        ["description"] = "alice: pods crashloop on config",
        ["groups"] = new JsonArray("alice@example.com"),
        ["policies"] = new JsonArray([.. ((string[])["get", "sync", "logs", "action/apps/Deployment/restart"]).Select(action => (JsonNode)$"p, proj:many:{name}, applications, {action}, many/many-app, allow")]),
    };

    private static string Name(DateTimeOffset end) => ArgoCdRoleName.Of(Guid.NewGuid(), end);
}
