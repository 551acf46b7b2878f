using System.Globalization;
using System.Net;
using System.Text;
using ChatOps.Core.Evidence;
using ChatOps.Peers;
using ChatOps.Platform.Kubernetes.Audit;

namespace ChatOps.Platform.Tests.Kubernetes.Audit;

/// <summary>What is read of a request's address, held against what a real API server does with it: whoever makes the request chooses it.</summary>
public sealed class AuditOfARealServerTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Pod = "/api/v1/namespaces/default/pods/of-audit";

    private static readonly string[] Queries =
    [
        "", "x=dryRun=", "fieldManager=dryRun=All", "dryRun=All", "dryRun=All&dryRun=All", "dry%52un=A%6cl", "DryRun=All", "dryRun=All;x=1", "x=1;dryRun=All", "dryRun=All%zz", "dryRun=", "dryRun=All&dryRun=", "dryRun=all",
        "x=" + new string('&', 30_000), // in an event six characters each, and still no reason to leave it out
    ];

    private static readonly string[] Logs = ["", "follow", "follow=", "follow=1", "follow=0", "follow=false", "follow=FALSE", "follow=f", "follow=no", "follow=True", "fo%6clow=tru%65", "x=follow=true", "Follow=true", "follow=0;&follow=1"];

    [RealClusterFact]
    public async Task Nothing_that_an_API_server_carries_out_is_taken_for_a_rehearsal_or_for_over()
    {
        await using var relay = await AuditRelay.StartAsync();
        await using var cluster = await KubeApiServer.StartAsync(relay);
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        var carriedOut = new Dictionary<string, bool>();
        await PatchAsync(admin, carriedOut);
        await DeleteAsync(admin, carriedOut);
        var followed = await ReadLogsAsync(admin);
        await admin.CreateAsync(ConfigMaps, """{ "metadata": { "name": "last" } }""");

        var told = await HeardAsync(relay, carriedOut.Count, followed);
        Assert.Equal(carriedOut, told.Where(notice => notice.Target.Name is not null && carriedOut.ContainsKey(notice.Target.Name)).ToDictionary(notice => notice.Target.Name!, notice => !notice.IsDryRun));
        Assert.Equal(followed, told.Count(IsALog));
    }

    /// <summary>What was refused changed nothing, and is told as nobody's deed by its answer.</summary>
    private static async Task PatchAsync(ApiCaller admin, Dictionary<string, bool> carriedOut)
    {
        foreach (var (row, query) in Queries.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"patched-{row}");
            await admin.CreateAsync(ConfigMaps, $$"""{ "metadata": { "name": "{{name}}" }, "data": { "is": "before" } }""");
            var answer = await admin.MergePatchAsync($"{ConfigMaps}/{name}?{query}", """{ "data": { "is": "after" } }""");
            if (answer.Status == HttpStatusCode.OK)
            {
                carriedOut[name] = (await admin.GetAsync($"{ConfigMaps}/{name}")).Body.Contains("after", StringComparison.Ordinal);
            }
        }
    }

    private static async Task DeleteAsync(ApiCaller admin, Dictionary<string, bool> carriedOut)
    {
        (string Query, string? Body)[] ways = [("", null), ("?dryRun=All", null), ("?dryRun=All", """{ "kind": "DeleteOptions", "apiVersion": "v1" }"""), ("", """{ "kind": "DeleteOptions", "apiVersion": "v1", "dryRun": ["All"] }"""), ("?x=dryRun=All", null)];
        foreach (var (row, (query, body)) in ways.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"deleted-{row}");
            await admin.CreateAsync(ConfigMaps, $$"""{ "metadata": { "name": "{{name}}" } }""");
            await admin.DeleteAsync($"{ConfigMaps}/{name}{query}", body);
            carriedOut[name] = (await admin.GetAsync($"{ConfigMaps}/{name}")).Status == HttpStatusCode.NotFound;
        }
    }

    /// <returns>How many of them the node was asked to keep open.</returns>
    private static async Task<int> ReadLogsAsync(ApiCaller admin)
    {
        using var kubelet = new OpenKubelet();
        await admin.CreateAsync("/api/v1/nodes", """{ "metadata": { "name": "of-audit" } }""");
        await admin.MergePatchAsync("/api/v1/nodes/of-audit/status", $$"""{ "status": { "addresses": [{ "type": "InternalIP", "address": "127.0.0.1" }], "daemonEndpoints": { "kubeletEndpoint": { "Port": {{kubelet.Port}} } } } }""");
        await admin.CreateAsync("/api/v1/namespaces/default/pods", """{ "metadata": { "name": "of-audit" }, "spec": { "nodeName": "of-audit", "containers": [{ "name": "app", "image": "shop" }] } }""");
        foreach (var query in Logs)
        {
            await admin.GetAsync($"{Pod}/log?{query}");
        }

        var asked = kubelet.Asked.Where(line => line.Contains("/containerLogs/", StringComparison.Ordinal)).ToList();
        Assert.Equal(Logs.Length, asked.Count);
        return asked.Count(line => line.Contains("follow=true", StringComparison.Ordinal));
    }

    /// <summary>Until the last of all was heard, and all that came before: batches are sent side by side.</summary>
    private static async Task<IReadOnlyList<AuditNotice>> HeardAsync(AuditRelay relay, int deeds, int logs)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var heard = relay.Bodies.SelectMany(body => AuditEvents.Read(Encoding.UTF8.GetBytes(body))!).Where(notice => notice.User == "admin" && notice.Code < 400).ToList();
            var creations = heard.Count(notice => notice is { Verb: "create", Target.Resource: "configmaps" });
            if (heard.Exists(notice => notice.Target.Name == "last") && heard.Count(notice => notice.Verb is "patch" or "delete" && notice.Target.Resource == "configmaps") == deeds && creations == Queries.Length + 6 && heard.Count(IsALog) >= logs)
            {
                return [.. heard.Where(notice => notice.Verb != "create" || notice.Target.Resource != "configmaps")];
            }

            await Task.Delay(50, limit.Token);
        }
    }

    private static bool IsALog(AuditNotice notice) => notice.Target.Subresource == "log" && notice.Stage == AuditStage.Complete;
}
