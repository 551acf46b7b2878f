using System.Net;
using System.Text;
using ChatOps.Core;
using ChatOps.Platform;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Rights;

/// <summary>An application that came after the deployment must not be a surprise at 02:00.</summary>
[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class NewApplicationTests(RealShopServer real)
{
    [StoryFact]
    public async Task It_is_reported_by_the_check_by_doctor_and_in_the_thread_until_the_rights_are_applied()
    {
        await using var world = await ScenarioWorld.StartAsync(real.StartShopAsync, socketMode: false);
        Assert.All(await world.Product.Services.GetRequiredService<PlatformRbac>().CheckAsync(CancellationToken.None), finding => Assert.True(finding.Ok, finding.What));
        await world.StopProductAsync();
        await CreateAsync(world, "loyalty");
        await world.StartProductAsync();
        var rbac = world.Product.Services.GetRequiredService<PlatformRbac>();

        Assert.Contains(await rbac.CheckAsync(CancellationToken.None), IsAboutLoyalty);
        Assert.Contains(await world.Product.Services.GetRequiredService<PlatformDoctor>().LookAsync(CancellationToken.None), IsAboutLoyalty);
        await world.Alice.CommandAsync("/incident", "declare \"Points are lost\" apps loyalty", SampleWorkspace.IncidentChannel);
        await world.Channel.WaitForMessageAsync(message => Reading.Shows(message, "loyalty", "RBAC"), "a word about RBAC", CancellationToken.None);

        await world.Channel.WaitForMessageAsync(message => !message.IsReply && Reading.Shows(message, "loyalty", "not covered by the cluster's RBAC"), "the card that names it", CancellationToken.None);

        using var written = new StringWriter();
        await rbac.WriteAsync(written, CancellationToken.None);
        await real.ApplyRightsAsync(written.ToString(), "loyalty");
        Assert.All(await rbac.CheckAsync(CancellationToken.None), finding => Assert.True(finding.Ok, finding.What));
        await world.Alice.CommandAsync("/incident", "apps add loyalty", SampleWorkspace.IncidentChannel);
        await world.Channel.WaitForMessageAsync(message => !message.IsReply && Reading.Shows(message, "loyalty") && !Reading.Shows(message, "RBAC"), "the card without it", CancellationToken.None);
    }

    private static bool IsAboutLoyalty(Finding finding) => !finding.Ok && finding.What.Contains("loyalty", StringComparison.Ordinal) && finding.Fix.Contains("rbac", StringComparison.Ordinal);

    private static async Task CreateAsync(ScenarioWorld world, string name)
    {
        using var body = new StringContent(
            $$"""
            { "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": { "name": "{{name}}" }, "spec": { "project": "shop",
              "source": { "repoURL": "{{SampleShop.RepoUrl}}", "path": "catalogue", "targetRevision": "main" },
              "destination": { "server": "https://kubernetes.default.svc", "namespace": "shop" }, "syncPolicy": { "automated": {} } } }
            """,
            Encoding.UTF8, "application/json");
        using var answer = await world.Shop.Admin.PostAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
