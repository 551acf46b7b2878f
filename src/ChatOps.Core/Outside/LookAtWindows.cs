using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Outside;

/// <summary>
/// Looks at the projects of one engine for sync windows that somebody else added or made others, and writes down what is new
/// and what is gone. What Git brings is Git's, ours is told by its lease, and what was there at the first look is no news.
/// </summary>
public sealed class LookAtWindows(IRecords records, TimeProvider time)
{
    /// <summary>Of one window; whoever holds back more than this holds back everything.</summary>
    private const int MostReached = 200;

    /// <summary>False: the cluster did not answer; look again.</summary>
    public async Task<bool> HandleAsync(IReconciler engine, CancellationToken ct)
    {
        var (answer, projects) = await engine.WindowsAsync(ct);
        if (!answer.IsOk)
        {
            return false;
        }

        var known = await records.FindKnownWindowsAsync(engine.Instance, ct) ?? new(engine.Instance, new Dictionary<string, IReadOnlyList<string>>());
        var accepted = new Dictionary<string, IReadOnlyList<string>>();
        var raised = (await records.AlertsAsync(onlyLive: true, ct)).Where(alert => alert is { Source: AlertSource.Window, State: AlertState.Firing } && alert.About.Instance == engine.Instance).ToList();
        var owned = await OwnedAsync(raised, ct);
        var changes = new Changes();
        var news = new List<(SeenWindows Project, SeenWindow Window)>();
        foreach (var project in projects)
        {
            (accepted[project.Project], var added) = Look(project, known.Projects.GetValueOrDefault(project.Project), [.. raised.Where(alert => alert.Window!.Project == project.Project)], owned, changes);
            news.AddRange(added.Select(window => (project, window)));
        }

        var complete = news.Count == 0 || await RaiseAsync(engine, news, changes, ct);

        foreach (var alert in raised.Where(alert => projects.All(project => project.Project != alert.Window!.Project)))
        {
            changes.Save(Over(alert, left: false));
        }

        var next = known with { Projects = accepted };
        if (changes.Alerts.Count > 0 || known.Version == 0 || !known.IsSameAs(next))
        {
            changes.Save(next);
            await records.CommitAsync(changes, ct);
        }

        return complete;
    }

    /// <param name="known">Null: this project is looked at for the first time.</param>
    private (IReadOnlyList<string> Accepted, IReadOnlyList<SeenWindow> Added) Look(SeenWindows project, IReadOnlyList<string>? known, IReadOnlyList<Alert> raised, HashSet<Guid> owned, Changes changes)
    {
        var there = project.Windows.Where(window => !window.IsOurs).ToList();
        var areGits = known is null || project.Hand is { IsOwner: true };
        foreach (var alert in raised)
        {
            var left = there.Find(window => window.Json == alert.Window!.Json);
            if (left is null || areGits || left.IsApplied || known!.Contains(left.Json))
            {
                changes.Save(Over(alert, left: left is not null));
            }
            else if (alert.Taken is { } taken && !owned.Contains(taken.Lease))
            {
                changes.Save(alert with { Taken = null, Telling = alert.Telling + 1 });
            }
            else if (left.TakeOut != alert.Window!.TakeOut)
            {
                changes.Save(alert with { Window = alert.Window with { TakeOut = left.TakeOut }, Telling = alert.Telling + 1 });
            }
            else if (Reminders.AreDue(alert, Clock.Now(time)))
            {
                changes.Save(alert with { Times = Reminders.By(alert, Clock.Now(time)) });
            }
        }

        var accepted = there.Where(window => areGits || window.IsApplied || known!.Contains(window.Json)).Select(window => window.Json).ToList();
        return (accepted, there.FindAll(window => !accepted.Contains(window.Json) && raised.All(alert => alert.Window!.Json != window.Json)));
    }

    /// <summary>The leases by which somebody still owns one. It is owned by the name of one application, which may go while the window holds others on.</summary>
    private async Task<HashSet<Guid>> OwnedAsync(IReadOnlyList<Alert> raised, CancellationToken ct)
    {
        var owned = new HashSet<Guid>();
        foreach (var taken in raised.Select(alert => alert.Taken).OfType<OutsideTaken>())
        {
            if (await records.FindLeaseAsync(taken.Lease, ct) is { IsUnsettled: true })
            {
                owned.Add(taken.Lease);
            }
        }

        return owned;
    }

    /// <summary>False: whom they reach cannot be told now; until then they are not said.</summary>
    private async Task<bool> RaiseAsync(IReconciler engine, IReadOnlyList<(SeenWindows Project, SeenWindow Window)> news, Changes changes, CancellationToken ct)
    {
        var (answer, reaches) = await engine.ReachAsync([.. news.Select(one => (one.Project.Project, one.Window))], ct);
        foreach (var ((project, window), reached) in answer.IsOk ? news.Zip(reaches) : [])
        {
            changes.Save(Raised(engine.Instance, project, window, [.. reached.Take(MostReached)]));
        }

        return answer.IsOk;
    }

    private Alert Raised(string instance, SeenWindows project, SeenWindow window, IReadOnlyList<ApplicationRef> reaches)
    {
        var now = Clock.Now(time);
        return new()
        {
            Fingerprint = $"window/{instance}/{project.Project}/{now.ToUnixTimeMilliseconds()}/{Chosen(window)}",
            Source = AlertSource.Window,
            State = AlertState.Firing,
            Name = "Window",
            Severity = "",
            Summary = window.Words,
            About = new(instance, null, project.Project),
            StartedAt = project.Hand?.At is { } at && at < now ? Clock.WholeMilliseconds(at) : now,
            LearnedAt = now,
            HeardAt = now,
            Window = new(project.Project, window.Json, window.Words, window.Denies, window.ByHandToo, project.Hand?.Manager, project.Hand?.At, window.OpenUntil, window.OpensAt, reaches) { TakeOut = window.TakeOut },
        };
    }

    /// <summary>Tells two that were added at once apart.</summary>
    private static string Chosen(SeenWindow window) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(window.Json)).AsSpan(0, 4));

    private Alert Over(Alert alert, bool left)
    {
        var now = Clock.Now(time);
        return alert with { State = AlertState.Resolved, EndedAt = now, HeardAt = now, Left = left };
    }
}
