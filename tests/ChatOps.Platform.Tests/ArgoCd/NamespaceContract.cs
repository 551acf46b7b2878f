using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <content>What owns something in a namespace.</content>
public abstract partial class ArgoCdReconcilerContract
{
    [ContractFact]
    public async Task What_owns_something_in_a_namespace_is_found_by_its_resources_and_else_by_where_it_deploys()
    {
        var owner = Some.Application("ns-owner");
        owner["status"]!["resources"] = JsonNode.Parse("""[{"kind":"ConfigMap","namespace":"ns-wanted","name":"a","version":"v1"},{"kind":"Namespace","name":"ns-wanted","version":"v1"}]""");
        var elsewhere = Some.Application("ns-elsewhere");
        elsewhere["spec"]!["destination"]!["namespace"] = "ns-wanted";
        elsewhere["status"]!["resources"] = JsonNode.Parse("""[{"kind":"ConfigMap","namespace":"ns-other","name":"a","version":"v1"}]""");
        var empty = Some.Application("ns-empty");
        empty["spec"]!["destination"]!["namespace"] = "ns-wanted";
        foreach (var application in new[] { owner, elsewhere, empty })
        {
            await Api.CreateAsync(application);
        }

        await Api.CaughtUpAsync();
        var (answer, found) = await Api.Reconciler().InNamespaceAsync("ns-wanted", CancellationToken.None);

        Assert.True(answer.IsOk, answer.Sentence);
        Assert.Equal(["ns-empty", "ns-owner"], found.Select(one => one.Name).Order(StringComparer.Ordinal));
    }
}
