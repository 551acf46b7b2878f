using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Takes a deleted application's resources away, then its finalizer.</summary>
internal sealed class Deleting(Controller controller, Refreshing refreshing)
{
    private const string Finalizer = "resources-finalizer.argocd.argoproj.io";

    /// <summary>How long pods take to end; only then is the application let go.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(2);

    public void Ask(string application) => Ask(application, controller.Pace.Notice);

    private void Ask(string application, TimeSpan after) => controller.Queue.Add($"delete/{application}", controller.Now + after, ct => RunAsync(application, ct));

    private async Task RunAsync(string name, CancellationToken ct)
    {
        if (await controller.ReadAsync(name, ct) is not { IsDeleting: true } app || app.Json["metadata"]?["finalizers"] is not JsonArray finalizers)
        {
            return;
        }

        if (!finalizers.Any(finalizer => finalizer!.GetValue<string>().StartsWith(Finalizer, StringComparison.Ordinal)))
        {
            return;
        }

        var ending = false;
        foreach (var live in await refreshing.LiveAsync(app, [], ct))
        {
            var id = ResourceId.Of(live, app.DestinationNamespace);
            if (live["metadata"]?["annotations"]?[TargetState.TrackingAnnotation]?.GetValue<string>() == id.TrackedBy(name))
            {
                await controller.Api.DeleteAsync(id, ct);
                ending = true;
            }
        }

        if (ending)
        {
            Ask(name, Ending);
            return;
        }

        var left = finalizers.Select(finalizer => finalizer!.GetValue<string>()).Where(finalizer => !finalizer.StartsWith(Finalizer, StringComparison.Ordinal));
        await controller.PatchAsync(app, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. left.Select(finalizer => (JsonNode)finalizer)]) } }, ct);
    }
}
