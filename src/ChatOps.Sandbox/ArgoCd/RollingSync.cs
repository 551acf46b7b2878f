using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>
/// A set that deploys step by step: it switches auto-sync of its applications off by itself, and writes operations when a new revision
/// is seen. Drift alone does not move it, so nothing heals. The steps' order and limits are not simulated: all applications go at once.
/// </summary>
internal sealed class RollingSync(Controller controller)
{
    public const string Manager = "argocd-applicationset-controller";

    /// <summary>It syncs again until it sees one that began after its decision; in both rounds that were recorded, three times.</summary>
    private const int Rounds = 3;

    private readonly Dictionary<string, (string Revision, int Left)> deployed = new(StringComparer.Ordinal);

    public static bool IsOf(JsonObject set) => set["spec"]?["strategy"]?["type"]?.GetValue<string>() == "RollingSync";

    public static void SwitchOff(JsonObject wanted)
    {
        if (wanted["spec"]?["syncPolicy"]?["automated"] is JsonObject automated)
        {
            automated["enabled"] = false;
        }
    }

    public async Task DeployAsync(Application app, CancellationToken ct)
    {
        if (app.Operation is not null || app.IsDeleting || app.Phase is "Running" or "Terminating" || Revisions.In(app.Status["sync"] as JsonObject) is not { } seen)
        {
            return;
        }

        var revision = string.Join(',', seen.All);
        var (last, left) = deployed.GetValueOrDefault(app.Name);
        if (last != revision)
        {
            if (app.Status["sync"]?["status"]?.GetValue<string>() != "OutOfSync")
            {
                deployed[app.Name] = (revision, 0);
                return;
            }

            left = Rounds;
        }

        if (left > 0)
        {
            deployed[app.Name] = (revision, left - 1);
            await controller.Api.PatchAsync(app.Id, new JsonObject { ["operation"] = Operation(app) }, Manager, ct);
        }
    }

    private static JsonObject Operation(Application app)
    {
        var sync = new JsonObject();
        if (app.SyncPolicy?["automated"]?["prune"]?.GetValue<bool>() == true)
        {
            sync["prune"] = true;
        }

        if (app.SyncOptions.Count > 0)
        {
            sync["syncOptions"] = new JsonArray([.. app.SyncOptions.Select(option => (JsonNode)option)]);
        }

        return new JsonObject
        {
            ["info"] = new JsonArray(new JsonObject { ["name"] = "Reason", ["value"] = "ApplicationSet RollingSync triggered a sync of this Application resource" }),
            ["initiatedBy"] = new JsonObject { ["automated"] = true, ["username"] = "applicationset-controller" },
            ["retry"] = app.SyncPolicy?["retry"]?.DeepClone() ?? new JsonObject { ["limit"] = 5 },
            ["sync"] = sync,
        };
    }
}
