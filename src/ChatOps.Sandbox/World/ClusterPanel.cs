using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Page;

namespace ChatOps.Sandbox.World;

/// <summary>What the page shows of the cluster, and the buttons there: the hand fix, and what goes wrong.</summary>
internal static class ClusterPanel
{
    private static readonly string[] Shown = ["checkout", "payments", "catalogue"];

    public static void MapClusterPanel(this IEndpointRouteBuilder endpoints, SandboxWorld world)
    {
        var cluster = endpoints.MapGuarded("/sandbox/cluster");
        cluster.MapGet("", () => Results.Json(new
        {
            applications = Shown.Select(name => Describe(world, name)),
            kubectl = $"kubectl --kubeconfig {world.KubeConfigOfAlice} -n shop edit configmap checkout",
        }));
        cluster.MapPost("/trouble/{what}", async (string what, CancellationToken ct) =>
        {
            return await ShopTrouble.MakeAsync(world.Shop, what, ct) ? Results.Json(new { problem = (string?)null }) : Results.NotFound();
        });
        cluster.MapPost("/hand-fix", async (CancellationToken ct) =>
        {
            await world.Shop.HandFixAsync(ct);
            return Results.Json(new { problem = (string?)null });
        });
    }

    private static object Describe(SandboxWorld world, string name)
    {
        var application = world.Shop.Server.Find("applications", "argocd", name);
        var automated = application?["spec"]?["syncPolicy"]?["automated"];
        var on = automated is JsonObject && automated["enabled"]?.GetValue<bool>() != false;
        return new
        {
            name,
            sync = (string?)application?["status"]?["sync"]?["status"] ?? "Unknown",
            health = (string?)application?["status"]?["health"]?["status"] ?? "Unknown",
            phase = (string?)application?["status"]?["operationState"]?["phase"],
            message = (string?)application?["status"]?["operationState"]?["message"],
            autosync = on,
            works = name != "checkout" || world.Shop.CheckoutWorks,
            note = name == "checkout" ? Note(world.Shop.CheckoutWorks, on) : null,
        };
    }

    /// <summary>What a newcomer should make of it.</summary>
    private static string Note(bool works, bool autoSync) => (works, autoSync) switch
    {
        (false, true) => $"Customers get 500. Git says PAYMENT_MODE={SampleShop.BrokenMode}, and Argo CD sees to it.",
        (false, false) => $"Customers get 500: PAYMENT_MODE={SampleShop.BrokenMode}. Argo CD is paused, so a fix by hand would stay.",
        (true, true) => $"Fixed by hand: PAYMENT_MODE={SampleShop.GoodMode}. Argo CD is about to put back what Git says.",
        (true, false) => $"Fixed by hand: PAYMENT_MODE={SampleShop.GoodMode}. Git says otherwise; Argo CD is paused and leaves it.",
    };
}
