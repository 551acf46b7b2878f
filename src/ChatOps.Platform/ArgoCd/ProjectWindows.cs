using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The list of windows of a project as it was read, and what to change in it: one entry of ours, and nothing else. Every
/// change tests the version of the whole object: places in a list move, and nothing else on an entry tells it for sure. Pure.
/// </summary>
internal sealed class ProjectWindows(JsonElement project)
{
    public const string Path = "/spec/syncWindows";
    private readonly IReadOnlyList<JsonElement> all = [.. project.Items("spec", "syncWindows")];

    /// <summary>The project as it was read.</summary>
    public JsonElement Raw => project;

    public string Name => project.Text("metadata", "name") ?? "";

    /// <summary>There is a list, be it empty.</summary>
    public bool HasList => project.At("spec", "syncWindows").ValueKind == JsonValueKind.Array;

    /// <summary>There was one before any window of ours.</summary>
    public bool HadList => HasList && Ours.All(one => one.Ours.HadList);

    /// <summary>Those of ours, each with its place.</summary>
    public IEnumerable<(int At, PauseWindow Ours, JsonElement Raw)> Ours =>
        all.Select((window, at) => (At: at, Ours: PauseWindow.Read(window), Raw: window)).Where(one => one.Ours is not null).Select(one => (one.At, one.Ours!, one.Raw));

    /// <summary>The marks of the pauses by which windows of ours hold this application, or held it; the open ones first.</summary>
    public IReadOnlyList<OverrideMark> MarksOf(ApplicationJson application, DateTimeOffset now) =>
    [
        .. Ours
            .Where(one => one.Ours.IsFor(application))
            .Select(one => one.Ours.ToMark(Name, SyncWindows.Denies(one.Raw, application, now)))
            .OrderByDescending(mark => mark.Window!.IsOpen),
    ];

    /// <summary>The window of that operation is there and holds this application now.</summary>
    public bool Holds(ApplicationJson application, Guid operation, DateTimeOffset now) =>
        Ours.Any(one => one.Ours.Operation == operation && one.Ours.IsFor(application) && SyncWindows.Denies(one.Raw, application, now));

    public string Add(JsonObject window) => HasList
        ? Guarded().Add($"{Path}/-", window.ToJsonString()).ToString()
        : Guarded().TestNothingAt(Path).Add(Path, new JsonArray(window.DeepClone()).ToJsonString()).ToString();

    public string Replace(int at, JsonObject window) => Guarded().Remove($"{Path}/{at}").Add($"{Path}/{at}", window.ToJsonString()).ToString();

    /// <summary>A list that we began and that nobody else has an entry in goes with ours.</summary>
    public string Remove(int at, bool hadList) => Guarded().Remove(all.Count == 1 && !hadList ? Path : $"{Path}/{at}").ToString();

    /// <summary>Where the cluster stored one of ours without its description, so that nothing tells whose it is.</summary>
    public int? Nameless(JsonObject window)
    {
        for (var at = all.Count - 1; at >= 0; at--)
        {
            if (all[at].Text("description") is null && all[at].Text("schedule") == (string?)window["schedule"] && all[at].Text("duration") == (string?)window["duration"]
                && all[at].Texts("applications").SequenceEqual(window["applications"]!.AsArray().Select(name => (string)name!)))
            {
                return at;
            }
        }

        return null;
    }

    private JsonPatch Guarded() => new JsonPatch().TestText("/metadata/resourceVersion", project.Text("metadata", "resourceVersion") ?? "");
}
