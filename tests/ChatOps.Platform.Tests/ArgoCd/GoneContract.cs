using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>Objects that Git has and the cluster has not: deleted, or never made.</content>
public abstract partial class ArgoCdReconcilerContract
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [ContractFact]
    public async Task An_object_that_is_gone_was_deleted_where_it_had_been_deployed()
    {
        await MakeAsync("gone");
        var app = await Api.CreateAsync(Lacking("gone", deployed: "949765c7"));
        Assert.Empty((await CompareAsync(app)).Resources);

        using var deleted = await Api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/gone", "", "application/json");
        Assert.True(deleted.IsSuccessStatusCode);

        var drift = Assert.Single((await CompareAsync(app)).Resources);
        Assert.Equal(("ConfigMap", "default", "gone", "kubectl delete configmap gone --namespace default"), (drift.Kind, drift.Namespace, drift.Name, drift.PutBack));
        Assert.Equal((DriftClass.Deleted, true), (Assert.Single(drift.Fields).Class, drift.Fields[0].IsByHand));
    }

    [ContractFact]
    public async Task An_object_that_is_gone_is_deleted_again_by_the_name_of_its_group_too() =>
        Assert.Equal("kubectl delete deployment.v1.apps gone --namespace default", Assert.Single((await CompareAsync(await Api.CreateAsync(Lacking("gone", deployed: "949765c7", resource =>
        {
            resource["group"] = "apps";
            resource["kind"] = "Deployment";
        })))).Resources).PutBack);

    [ContractFact]
    public async Task An_object_that_was_never_deployed_is_missing_and_no_change_of_anybodys()
    {
        var drift = Assert.Single((await CompareAsync(await Api.CreateAsync(Lacking("never", deployed: "an older commit")))).Resources);

        Assert.Equal((DriftClass.Missing, false, null), (Assert.Single(drift.Fields).Class, drift.Fields[0].IsByHand, drift.PutBack));
    }

    [ContractFact]
    public async Task An_object_that_is_gone_from_Git_as_well_is_no_difference() =>
        Assert.Empty((await CompareAsync(await Api.CreateAsync(Lacking("pruned", deployed: "949765c7", resource => resource["requiresPruning"] = true)))).Resources);

    /// <summary>Argo CD sees a deletion at once: until then there may be another reason.</summary>
    [ContractFact]
    public async Task An_object_that_Argo_CD_still_shows_as_synced_is_not_read()
    {
        var report = await CompareAsync(await Api.CreateAsync(Lacking("not-seen-yet", deployed: "949765c7", resource => resource["status"] = "Synced")));

        Assert.Empty(report.Resources);
        Assert.Equal(("ConfigMap", "default", "not-seen-yet"), Assert.Single(report.NotRead));
    }

    private async Task MakeAsync(string name)
    {
        using var made = await Api.SendAsync(HttpMethod.Post, $"{ConfigMaps}?fieldManager=argocd-controller", $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","namespace":"default"} }""", "application/json");
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    /// <summary>Out of sync for the one ConfigMap of its name.</summary>
    private static JsonObject Lacking(string name, string deployed, Action<JsonObject>? edit = null)
    {
        var resource = new JsonObject { ["version"] = "v1", ["kind"] = "ConfigMap", ["namespace"] = "default", ["name"] = name, ["status"] = "OutOfSync" };
        edit?.Invoke(resource);
        var application = Some.Application($"lacks-{((string)resource["kind"]!).ToLowerInvariant()}-{name}");
        var status = application["status"]!;
        status["sync"]!["status"] = "OutOfSync";
        status["resources"] = new JsonArray(resource);
        status["history"] = new JsonArray(new JsonObject { ["id"] = 0, ["revision"] = deployed, ["deployedAt"] = "2026-11-23T08:53:39Z", ["source"] = status["sync"]!["comparedTo"]!["source"]!.DeepClone() });
        return application;
    }

    private async Task<DriftReport> CompareAsync(ApplicationRef app)
    {
        var application = await Api.ReadAsync(app);
        return await new DriftReader(null, _ => Api.Connect()).ReadAsync(Some.Read(application), Some.Facts(application), CancellationToken.None);
    }
}
