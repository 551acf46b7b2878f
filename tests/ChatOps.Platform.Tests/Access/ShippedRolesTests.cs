using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using k8s;
using k8s.Models;

namespace ChatOps.Platform.Tests.Access;

/// <summary>The ClusterRoles that people get for break-glass leave out whatever lets somebody in after the end.</summary>
public sealed class ShippedRolesTests
{
    private static readonly string[] Resources =
        ["secrets", "serviceaccounts", "serviceaccounts/token", "nodes", "nodes/proxy", "namespaces", "pods/ephemeralcontainers", "pods/attach", "services/proxy", "pods/proxy", "persistentvolumes", "customresourcedefinitions"];

    private static readonly string[] Groups =
        ["rbac.authorization.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "admissionregistration.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io", "apiextensions.k8s.io", "argoproj.io"];

    [Fact]
    public async Task Nothing_in_them_outlives_the_access()
    {
        var roles = KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/breakglass/roles.yaml"))).Cast<V1ClusterRole>().ToList();

        Assert.Equal(["chatops-breakglass-viewer", "chatops-breakglass-editor"], roles.Select(role => role.Metadata.Name));
        Assert.Empty(roles.SelectMany(role => role.Rules.SelectMany(WhatIsWrong).Select(wrong => $"{role.Metadata.Name}: {wrong}")));
        Assert.All(roles, role => Assert.Null(role.AggregationRule));
        Assert.DoesNotContain(roles, role => role.Metadata.Labels?.Keys.Any(label => label.StartsWith("rbac.authorization.k8s.io/aggregate", StringComparison.Ordinal)) == true);
    }

    [Fact]
    public async Task With_the_viewers_nothing_can_be_changed_as_their_words_are_read_back()
    {
        var roles = KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "manifests/breakglass/roles.yaml"))).Cast<V1ClusterRole>();

        Assert.Equal([false, true], roles.Select(role => new GrantScope("production", ["shop"], role.Metadata.Name, RoleRules.InWords(JsonSerializer.SerializeToElement(JsonNode.Parse(KubernetesJson.Serialize(role))))).MayChange));
    }

    [Theory]
    [InlineData("", "secrets", "get")]
    [InlineData("", "serviceaccounts/token", "create")]
    [InlineData("", "serviceaccounts", "impersonate")]
    [InlineData("", "pods", "create")]
    [InlineData("", "*", "get")]
    [InlineData("*", "pods", "get")]
    [InlineData("apps", "deployments", "*")]
    [InlineData("batch", "cronjobs", "patch")]
    [InlineData("rbac.authorization.k8s.io", "roles", "get")]
    [InlineData("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch")]
    public void A_role_that_did_would_be_found_out(string group, string resource, string verb) =>
        Assert.NotEmpty(WhatIsWrong(new() { ApiGroups = [group], Resources = [resource], Verbs = [verb] }));

    private static IEnumerable<string> WhatIsWrong(V1PolicyRule rule) =>
        from @group in rule.ApiGroups
        from resource in rule.Resources
        from verb in rule.Verbs
        where IsTooMuch(@group, resource, verb)
        select $"{verb} {resource} of group '{@group}'";

    private static bool IsTooMuch(string group, string resource, string verb)
    {
        var parts = resource.Split('/', 2);
        var target = new DeedObject(group, parts[0], parts.Length > 1 ? parts[1] : null, "shop", "x");
        return group == "*" || resource.Contains('*', StringComparison.Ordinal) || verb is "*" or "impersonate" or "bind" or "escalate" or "approve" or "sign"
            || Groups.Contains(group) || (group.Length == 0 && Resources.Contains(resource))
            || (verb == "create" && !Momentary.Contains(resource))
            || Attribution.Leaves(new("r", AuditStage.Complete, default, default, "somebody", null, verb, target, 200, false, []));
    }

    /// <summary>Whose creation makes no object that stays.</summary>
    private static readonly string[] Momentary = ["pods/eviction", "pods/exec", "pods/portforward"];
}
