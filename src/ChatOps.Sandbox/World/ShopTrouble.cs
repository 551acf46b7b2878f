using System.Net.Http.Headers;
using System.Text;
using ChatOps.Sandbox.ArgoCd;

namespace ChatOps.Sandbox.World;

/// <summary>What goes wrong with payments when somebody presses a button on the page, and what puts it right again.</summary>
internal static class ShopTrouble
{
    private const string Payments = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/payments";
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";
    private const string File = "payments/app.yaml";
    private const string Selector = "matchLabels:\n      app: payments";
    private const string OtherSelector = Selector + "\n      tier: web";
    private const string Image = "payments:1.4.2";
    private const string BrokenImage = "payments:broken";

    /// <summary>By the word in the address; false when there is no such trouble.</summary>
    public static async Task<bool> MakeAsync(SampleShop shop, string what, CancellationToken ct)
    {
        switch (what)
        {
            case "failing-sync":
                await CommitAsync(shop, "payments: another selector", file => file.Replace(OtherSelector, Selector, StringComparison.Ordinal).Replace(Selector, OtherSelector, StringComparison.Ordinal), ct);
                return true;
            case "bad-image":
                await CommitAsync(shop, "payments: a new version", file => file.Replace(Image, BrokenImage, StringComparison.Ordinal), ct);
                return true;
            case "deny-window":
                await PatchAsync(shop, Project, """{"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["pay*"]}]}}""", ct);
                return true;
            case "mend":
                await PatchAsync(shop, Project, """{"spec":{"syncWindows":null}}""", ct);
                await CommitAsync(shop, "payments: back to what worked", file => file.Replace(OtherSelector, Selector, StringComparison.Ordinal).Replace(BrokenImage, Image, StringComparison.Ordinal), ct);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Nothing is tried again, so that what a failure looks like can be seen at once.</summary>
    private static async Task CommitAsync(SampleShop shop, string message, Func<string, string> change, CancellationToken ct)
    {
        var file = await shop.Repository.ReadAsync("main", File, ct);
        await shop.Repository.CommitAsync("main", message, new Dictionary<string, string?> { [File] = change(file) }, ct);
        await PatchAsync(shop, Payments, """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}},"spec":{"syncPolicy":{"retry":{"limit":0}}}}""", ct);
    }

    private static async Task PatchAsync(SampleShop shop, string path, string json, CancellationToken ct)
    {
        using var client = new HttpClient(shop.Server.CreateHandler()) { BaseAddress = shop.Server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", shop.Server.AdminToken);
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
        using var answer = await client.PatchAsync($"{path}?fieldManager=kubectl-edit", content, ct);
        answer.EnsureSuccessStatusCode();
    }
}
