using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// The deny window of one pause. Its description is its mark: people read it in Argo CD, and it holds what is needed to
/// know the window again, to end it, and to take it over when the store has lost it.
/// </summary>
/// <param name="HadList">The project had a list of windows before, be it empty.</param>
internal sealed partial record PauseWindow(string Namespace, string Name, int Incident, Guid Operation, DateTimeOffset Until, string KubernetesUser, bool HadList)
{
    /// <summary>For a controller whose clock is behind ours, or the window would not have begun for it.</summary>
    private static readonly TimeSpan Begun = TimeSpan.FromMinutes(2);

    /// <summary>For one whose clock is ahead.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(5);

    /// <summary>Null: no window of ours, or one whose text somebody changed.</summary>
    public static PauseWindow? Read(JsonElement window) =>
        Description().Match(window.Text("description") ?? "") is { Success: true } text
        && Guid.TryParse(text.Groups["operation"].ValueSpan, out var operation)
        && int.TryParse(text.Groups["incident"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var incident)
        && DateTimeOffset.TryParse(text.Groups["until"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? new(text.Groups["namespace"].Value, text.Groups["name"].Value, incident, operation, until, text.Groups["user"].Value, text.Groups["list"].Value == "kept")
            : null;

    public bool IsFor(ApplicationJson application) => IsFor(application.Namespace, application.Name);

    public bool IsFor(string ns, string name) => Namespace == ns && Name == name;

    /// <summary>
    /// A schedule names a minute of the year, so the window begins at a whole minute that has passed and lasts in whole
    /// minutes: never shorter than was promised, and a minute longer at the most.
    /// </summary>
    public JsonObject ToJson(DateTimeOffset now)
    {
        var from = Minute(now - Begun);
        var minutes = (int)Math.Ceiling((Until + ClockDifference - from).TotalMinutes);
        return new()
        {
            ["kind"] = "deny",
            ["schedule"] = string.Create(CultureInfo.InvariantCulture, $"{from.Minute} {from.Hour} {from.Day} {from.Month} *"),
            ["duration"] = string.Create(CultureInfo.InvariantCulture, $"{minutes}m"),
            ["timeZone"] = "UTC",
            ["applications"] = new JsonArray(Name),
            ["manualSync"] = true,
            ["description"] = string.Create(
                CultureInfo.InvariantCulture,
                $"Pause of {Namespace}/{Name} by ChatOps for incident {Incident} until {OverrideMarks.Moment(Until)}; resume it there. chatops.dev/operation={Operation} list={(HadList ? "kept" : "made")} as={KubernetesUser}"),
        };
    }

    public OverrideMark ToMark(string project, bool isOpen) =>
        new(Incident, Operation, Until, new(ProjectWindows.Path, HadList ? "[]" : null, null), KubernetesUser) { Window = new HeldWindow(project, isOpen) };

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    [GeneratedRegex(
        @"^Pause of (?<namespace>[^/ ]+)/(?<name>[^ ]+) by ChatOps for incident (?<incident>\d+) until (?<until>[^ ]+); resume it there\. chatops\.dev/operation=(?<operation>[0-9a-f-]{36}) list=(?<list>kept|made) as=(?<user>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Description();
}
