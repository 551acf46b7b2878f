using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>One resource, with what is known of Git's side of it.</summary>
internal sealed record Compared(string Kind, string Namespace, string Name, JsonElement Target, JsonElement Live)
{
    /// <summary>What Argo CD compared, where it was asked: ignored fields are taken out of both.</summary>
    public (JsonElement Normalized, JsonElement Predicted)? ByTheEngine { get; init; }

    /// <summary>Fields that the application is told to ignore; for where Argo CD was not asked.</summary>
    public Func<FieldPath, bool> IsIgnored { get; init; } = _ => false;

    /// <summary>Fields that a pause of ours leaves to people, so that Argo CD, where it was asked, did not compare them.</summary>
    public Func<FieldPath, bool> IsHeld { get; init; } = _ => false;

    /// <summary>Argo CD had it in the cluster.</summary>
    public bool WasDeployed { get; init; }
}

/// <summary>A difference, and where it is in the objects.</summary>
internal sealed record FieldDrift(FieldPath Path, Drift Drift)
{
    public FieldDrift As(DriftClass other) => this with { Drift = Drift with { Class = other } };
}

/// <summary>
/// What a person would call drift in one resource. Changes and removals come from the comparison; additions by hand, which
/// no comparison with Git can see, from managedFields. Pure.
/// </summary>
internal static class ResourceDiff
{
    public static ResourceDrift Of(Compared resource)
    {
        if (resource.Target.IsObject && resource.Live.IsObject)
        {
            var (command, fields) = HandPatch.Of(resource.Live, resource.Target, Fields(resource));
            return new(resource.Kind, resource.Namespace, resource.Name, fields) { PutBack = command };
        }

        return resource.Target.IsObject
            ? NotThere(resource.Kind, resource.Target.Text("apiVersion") ?? "", resource.Namespace, resource.Name, resource.WasDeployed)
            : new(resource.Kind, resource.Namespace, resource.Name, resource.Live.IsObject ? NotInGit(resource) : []);
    }

    /// <summary>Git has it and the cluster has not. Only what had been deployed was deleted: the rest has never been there.</summary>
    public static ResourceDrift NotThere(string kind, string version, string ns, string name, bool wasDeployed) =>
        new(kind, ns, name, [new Drift("", "the whole resource", null, wasDeployed ? DriftClass.Deleted : DriftClass.Missing, null, null)])
        {
            PutBack = wasDeployed ? HandPatch.Delete(kind, version, ns, name) : null,
        };

    /// <summary>Where nothing is known of Git's side: only what hands wrote.</summary>
    public static ResourceDrift OfHandsOnly(string kind, string ns, string name, JsonElement live)
    {
        List<FieldDrift> found =
        [
            .. Written.In(live).Where(written => written.IsByHand && !FieldDiff.IsBookkeeping(written.Path) && !Defaults.Is(written.Path, written.Path.In(live)))
                .DistinctBy(written => written.Path.ToString())
                .Select(written => new FieldDrift(written.Path, new(written.Path.ToString(), null, Masking.Show(kind, written.Path, written.Path.In(live)), DriftClass.WrittenByHand, written.Manager, written.At))),
        ];
        var (command, fields) = HandPatch.Of(live, default, found);
        return new(kind, ns, name, fields) { PutBack = command };
    }

    private static IReadOnlyList<Drift> NotInGit(Compared resource)
    {
        var writer = Written.In(resource.Live).Where(written => !written.IsOfTheEngine).OrderByDescending(written => written.At).FirstOrDefault();
        return [new Drift("", null, "the whole resource", DriftClass.NotInGit, writer?.Manager, writer?.At)];
    }

    private static List<FieldDrift> Fields(Compared resource)
    {
        var writers = Written.In(resource.Live);
        var wanted = FieldDiff.Between(resource.Target, resource.Live, onlyWanted: true).ToList();
        List<FieldPath> seen = resource.ByTheEngine is { } engine
            ? [.. FieldDiff.Between(engine.Predicted, engine.Normalized, onlyWanted: false).Where(path => Differs(path, resource, engine.Predicted)).SelectMany(path => AsNamed(path, resource, wanted)).DistinctBy(path => path.ToString())]
            : [.. wanted.Where(path => !resource.IsIgnored(path))];
        var drifts = seen.Select(path => Drift(resource, path, writers)).ToList();

        // Another value than Git's that the comparison was told to overlook.
        drifts.AddRange(wanted.Where(path => !seen.Exists(other => path.StartsWith(other) || other.StartsWith(path)))
            .Select(path => resource.IsHeld(path) ? Drift(resource, path, writers) : Drift(resource, path, writers).As(DriftClass.Expected)));
        drifts.AddRange(Additions(resource, writers).Where(addition => !drifts.Exists(drift => drift.Drift.Path == addition.Drift.Path)));
        return drifts;
    }

    /// <summary>
    /// A merge can hold an element twice, once as Git and once as the cluster has it, so that only its number names it;
    /// people know it by its name.
    /// </summary>
    private static IEnumerable<FieldPath> AsNamed(FieldPath path, Compared resource, IReadOnlyList<FieldPath> wanted)
    {
        for (var length = 1; length < path.Segments.Count + 1; length++)
        {
            var list = new FieldPath([.. path.Segments.Take(length - 1)]);
            if (path.Segments[length - 1].Key is { } key && KeyedList.KeyOf(list.In(resource.Target), list.In(resource.Live)) is { } other && other != key)
            {
                return wanted.Where(one => one.StartsWith(list));
            }
        }

        return [path];
    }

    private static bool Differs(FieldPath path, Compared resource, JsonElement predicted)
    {
        var git = path.In(resource.Target);
        return !SameValue.Of(path, git.IsAbsent ? path.In(predicted) : git, path.In(resource.Live));
    }

    private static FieldDrift Drift(Compared resource, FieldPath path, IReadOnlyList<Written> writers)
    {
        var (git, live) = (path.In(resource.Target), path.In(resource.Live));
        if (git.IsAbsent && resource.ByTheEngine is { } engine)
        {
            git = path.In(engine.Predicted);
        }

        // A hand that wrote some of it is named before a controller that wrote the rest: it is evidence.
        var writer = writers.Where(written => !written.IsOfTheEngine && (written.Path.StartsWith(path) || path.StartsWith(written.Path)))
            .OrderBy(written => written.IsController).ThenByDescending(written => written.At ?? DateTimeOffset.MaxValue).FirstOrDefault();
        var (before, after) = Masking.Lines(resource.Kind, path, git, live);
        return new(path, new(path.ToString(), before, after, SameValue.IsNothing(live) ? DriftClass.Removed : DriftClass.Changed, writer?.Manager, writer?.At) { IsByController = writer?.IsController == true });
    }

    /// <summary>Fields that somebody else than Argo CD wrote and Git does not mention.</summary>
    private static IEnumerable<FieldDrift> Additions(Compared resource, IReadOnlyList<Written> writers)
    {
        var added = writers.Where(written => !written.IsOfTheEngine && !FieldDiff.IsBookkeeping(written.Path)
            && SameValue.IsNothing(written.Path.In(resource.Target)) && !SameValue.IsNothing(written.Path.In(resource.Live)));
        foreach (var written in added.Select(written => written with { Path = Folded(written.Path, resource.Target) }).DistinctBy(written => written.Path.ToString()))
        {
            var value = written.Path.In(resource.Live);
            if (Defaults.Is(written.Path, value) || SameValue.Of(written.Path, default, value))
            {
                continue;
            }

            // What Git leaves open and is scaled is meant to be: by an autoscaler or by a person, it is not Git's.
            var isMeant = !written.IsByHand || written.Subresource == "scale" || resource.IsIgnored(written.Path);
            yield return new(written.Path, new(written.Path.ToString(), null, Masking.Show(resource.Kind, written.Path, value), isMeant ? DriftClass.Expected : DriftClass.AddedByHand, written.Manager, written.At));
        }
    }

    /// <summary>A whole element of a list that Git does not have is told once.</summary>
    private static FieldPath Folded(FieldPath path, JsonElement target)
    {
        for (var length = 1; length < path.Segments.Count; length++)
        {
            var ancestor = new FieldPath([.. path.Segments.Take(length)]);
            if (path.Segments[length - 1].Key is not null && ancestor.In(target).IsAbsent)
            {
                return ancestor;
            }
        }

        return path;
    }
}
