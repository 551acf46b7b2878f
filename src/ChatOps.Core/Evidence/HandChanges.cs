using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Evidence;

/// <summary>
/// What people changed by hand in the live objects of one application, out of a comparison with Git. Fields, and not whole
/// manifests: a manifest holds passwords, and what is as Git says is kept by Git. Pure.
/// </summary>
public static class HandChanges
{
    private const int Most = 100;
    private const int MostNamed = 5;

    /// <summary>Characters of the commands of one application: they are kept with each look that finds something new.</summary>
    private const int MostOfCommands = 256 * 1024;

    /// <summary>At most a hundred fields, first those that the engine overwrites; <paramref name="leftOut"/> counts the rest.</summary>
    public static IReadOnlyList<ResourceDrift> In(DriftReport report, out int leftOut) => In(report.Resources, out leftOut);

    /// <inheritdoc cref="In(DriftReport, out int)"/>
    public static IReadOnlyList<ResourceDrift> In(IReadOnlyList<ResourceDrift> resources, out int leftOut)
    {
        var hands = resources.Select(resource => resource with { Fields = [.. resource.Fields.Where(drift => drift.IsByHand)] }).ToList();
        var kept = hands.SelectMany((resource, at) => resource.Fields.Select((drift, which) => (Drift: drift, Place: (at, which))))
            .OrderBy(one => IsLeftAlone(one.Drift)).Take(Most).Select(one => one.Place).ToHashSet();
        leftOut = Count(hands) - kept.Count;
        return Bounded([.. hands.Select((resource, at) => resource with { Fields = [.. resource.Fields.Where((_, which) => kept.Contains((at, which)))] }).Where(resource => resource.Fields.Count > 0)]);
    }

    /// <summary>What controllers of the cluster made otherwise than Git says: shown to people, and nothing that they did or have to keep. At most a hundred fields.</summary>
    public static IReadOnlyList<ResourceDrift> OfControllers(DriftReport report)
    {
        var room = Most;
        return Only(report.Resources, drift => drift is { IsByController: true, Class: not DriftClass.Expected } && room-- > 0);
    }

    /// <summary>With the commands that there is room for, the shortest first.</summary>
    private static IReadOnlyList<ResourceDrift> Bounded(IReadOnlyList<ResourceDrift> hands)
    {
        var room = MostOfCommands;
        var commands = hands.Select(resource => resource.PutBack).OfType<string>().OrderBy(command => command.Length).TakeWhile(command => (room -= command.Length) >= 0).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. hands.Select(resource => resource.PutBack is null || commands.Contains(resource.PutBack) ? resource
                : resource with { PutBack = null, Fields = [.. resource.Fields.Select(field => field with { NoWay = field.NoWay ?? NoWayBack.TooLong })] }),
        ];
    }

    /// <summary>Only what the engine makes as Git says again as soon as it acts. What Git does not mention it does not see, and leaves.</summary>
    public static IReadOnlyList<ResourceDrift> Overwritten(IEnumerable<ResourceDrift> hands) => Only(hands, drift => !IsLeftAlone(drift));

    public static IReadOnlyList<ResourceDrift> LeftAlone(IEnumerable<ResourceDrift> hands) => Only(hands, IsLeftAlone);

    /// <summary>What is in <paramref name="now"/> and was not, or was not so, in <paramref name="before"/>.</summary>
    public static IReadOnlyList<ResourceDrift> New(IReadOnlyList<ResourceDrift> before, IReadOnlyList<ResourceDrift> now)
    {
        var known = before.SelectMany(resource => resource.Fields.Select(drift => State(resource, drift))).ToHashSet();
        return [.. now.Select(resource => resource with { Fields = [.. resource.Fields.Where(drift => !known.Contains(State(resource, drift)))] }).Where(resource => resource.Fields.Count > 0)];
    }

    public static int Count(IEnumerable<ResourceDrift> hands) => hands.Sum(resource => resource.Fields.Count);

    /// <summary>Two looks that say the same are one: people are shown it once. Who wrote the same again, and when, is nothing new.</summary>
    public static bool Same(IReadOnlyList<ResourceDrift> one, IReadOnlyList<ResourceDrift> other) => New(one, other).Count == 0 && New(other, one).Count == 0;

    /// <summary>One mark for each field with the value that is there: short enough to keep with a question of what people were shown.</summary>
    public static IReadOnlyList<string> Marks(IEnumerable<ResourceDrift> hands) =>
        [.. hands.SelectMany(resource => resource.Fields.Select(drift => $"{Sealed($"{resource.Kind}/{resource.Namespace}/{resource.Name} {drift.Path}")}={Sealed($"{drift.Class} {drift.Live}")}"))];

    /// <summary>The field of a mark, whatever its value.</summary>
    public static string FieldOf(string mark) => mark[..mark.IndexOf('=', StringComparison.Ordinal)];

    /// <summary>A line for each field: where, what Git says, what is live, and the tool that wrote it.</summary>
    public static IEnumerable<string> Lines(IEnumerable<ResourceDrift> hands) => hands.SelectMany(resource => resource.Fields.Select(drift => Line(resource, drift)));

    /// <summary>When the last of it was written, where the cluster tells.</summary>
    public static DateTimeOffset? LastAt(IEnumerable<ResourceDrift> hands) => hands.SelectMany(resource => resource.Fields).Max(drift => drift.At);

    /// <summary>Some objects in a few words.</summary>
    public static string Named(IReadOnlyCollection<(string Kind, string Namespace, string Name)> objects) =>
        string.Join(", ", objects.Take(MostNamed).Select(one => $"{one.Kind}/{one.Name}")) + (objects.Count > MostNamed ? $" and {objects.Count - MostNamed} more" : "");

    /// <summary>
    /// What none of these texts says already, field by field and moment by moment. What has no moment is new again when it
    /// was not so <paramref name="before"/>; null: nobody knows how it was.
    /// </summary>
    public static IReadOnlyList<ResourceDrift> NotSaidIn(IReadOnlyCollection<string> texts, IEnumerable<ResourceDrift> hands, IReadOnlySet<string>? before)
    {
        bool IsSaid(ResourceDrift resource, Drift drift) => Line(resource, drift) is var line
            && (drift.At is not null || before?.Contains(line) != false) && texts.Any(text => text.Contains(line, StringComparison.Ordinal));
        return [.. hands.Select(resource => resource with { Fields = [.. resource.Fields.Where(drift => !IsSaid(resource, drift))] }).Where(resource => resource.Fields.Count > 0)];
    }

    /// <summary>The tools that wrote it. Of what is gone nothing is left that tells.</summary>
    public static string Tools(IReadOnlyList<ResourceDrift> hands) =>
        string.Join(", ", hands.SelectMany(resource => resource.Fields).Select(drift => drift.By).OfType<string>().Distinct()) is { Length: > 0 } tools ? tools
            : hands.All(resource => resource.IsDeleted) ? "not known" : "somebody";

    /// <summary>Objects that are in Git and not in the cluster, and of which nothing shows that they ever were.</summary>
    public static IReadOnlySet<(string Kind, string Namespace, string Name)> NeverSeen(DriftReport report) =>
        report.Resources.Where(resource => resource.Fields.Any(drift => drift.Class == DriftClass.Missing)).Select(resource => (resource.Kind, resource.Namespace, resource.Name)).ToHashSet();

    private static bool IsLeftAlone(Drift drift) => drift.Class == DriftClass.AddedByHand || drift.IsLeftAlone;

    private static string Sealed(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    private static (string, string, string, string, DriftClass, string?) State(ResourceDrift resource, Drift drift) => (resource.Kind, resource.Namespace, resource.Name, drift.Path, drift.Class, drift.Live);

    private static IReadOnlyList<ResourceDrift> Only(IEnumerable<ResourceDrift> hands, Func<Drift, bool> which) =>
        [.. hands.Select(resource => resource with { Fields = [.. resource.Fields.Where(which)] }).Where(resource => resource.Fields.Count > 0)];

    private static string Line(ResourceDrift resource, Drift drift)
    {
        var where = $"{resource.Kind}/{resource.Name}{(resource.Namespace.Length > 0 ? $" in {resource.Namespace}" : "")}{(drift.Path.Length > 0 ? $" {drift.Path}" : "")}";
        var what = drift.Class switch
        {
            DriftClass.Removed => $"Git {drift.Git ?? "(not set)"} | not set", // by hand, or not applied yet where Git has moved on
            DriftClass.AddedByHand => $"not in Git | live {drift.Live}",
            DriftClass.WrittenByHand => $"Git not known | live {drift.Live}",
            DriftClass.Missing => "in Git | not in the cluster",
            DriftClass.Deleted => "in Git | deleted since it was deployed",
            DriftClass.Changed or DriftClass.NotInGit or DriftClass.Expected => $"Git {drift.Git ?? "(not set)"} | live {drift.Live ?? "(not set)"}",
        };
        var at = drift.At is { } moment ? string.Create(CultureInfo.InvariantCulture, $" {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";
        return $"{where}: {what}{(drift.By is null ? "" : drift.IsByController ? $", changed by {drift.By}{at}" : $" [{drift.By}{at}]")}";
    }
}
