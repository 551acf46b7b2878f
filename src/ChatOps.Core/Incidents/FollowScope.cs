using System.Collections.Concurrent;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>
/// Writes what the engines do with the applications of open incidents into their records, at the moments at which it
/// happened. The record itself says what is in it already, so neither a restart nor a second look writes anything twice.
/// </summary>
public sealed class FollowScope(IRecords records, IncidentFiles files)
{
    /// <summary>What came before the first word of an incident is often what it is about.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    /// <summary>Of one incident; what flaps for hours must not bury what people did.</summary>
    private const int MostEntries = 300;

    /// <summary>Of one look at one application.</summary>
    private const int MostAtOnce = 50;

    /// <summary>Of one round, before what they told is written: a round that is given up loses no more than this.</summary>
    private const int AtOnce = 20;

    private readonly ConcurrentDictionary<(int Incident, ApplicationRef Application), string> looked = new();

    /// <summary>Where the last round of each engine came to: the next one begins after it, so that nothing in front keeps the rest from its turn.</summary>
    private readonly ConcurrentDictionary<string, ApplicationRef> cameTo = new();

    /// <summary>Applications of one engine, which may be looked at beside another. One that does not answer is asked no further: what it told is written.</summary>
    public async Task HandleAsync(IApplicationView view, CancellationToken ct)
    {
        var open = await records.IncidentsAsync(onlyOpen: true, ct);
        var numbers = open.Select(incident => incident.Number).ToHashSet();
        foreach (var closed in looked.Keys.Where(one => !numbers.Contains(one.Incident)))
        {
            looked.TryRemove(closed, out _);
        }

        var scope = open.SelectMany(incident => incident.Scope).Where(one => one.Instance == view.Instance).Distinct().ToList();
        var from = cameTo.TryGetValue(view.Instance, out var last) ? scope.IndexOf(last) + 1 : 0;
        foreach (var some in scope.Skip(from).Concat(scope.Take(from)).Chunk(AtOnce))
        {
            var (seen, isSilent) = await AskAsync(view, some, ct);
            foreach (var incident in open)
            {
                await FollowAsync(incident, seen, ct);
            }

            if (isSilent)
            {
                return;
            }
        }
    }

    private async Task<(Dictionary<ApplicationRef, IReadOnlyList<Happening>> Seen, bool IsSilent)> AskAsync(IApplicationView view, ApplicationRef[] applications, CancellationToken ct)
    {
        var seen = new Dictionary<ApplicationRef, IReadOnlyList<Happening>>();
        foreach (var application in applications)
        {
            cameTo[view.Instance] = application;
            var (answer, happened) = await view.HappenedAsync(application, ct);
            if (answer.IsOk)
            {
                seen[application] = happened;
            }
            else if (answer.IsTransient)
            {
                return (seen, true);
            }
        }

        return (seen, false);
    }

    private async Task FollowAsync(Incident incident, Dictionary<ApplicationRef, IReadOnlyList<Happening>> seen, CancellationToken ct)
    {
        var news = incident.Scope.Where(seen.ContainsKey)
            .Select(application => (Application: application, Happened: seen[application].Where(one => one.At >= incident.DeclaredAt - Before).TakeLast(MostAtOnce).ToList()))
            .Where(one => looked.GetValueOrDefault((incident.Number, one.Application)) != LastOf(one.Happened))
            .ToList();
        if (news.Count == 0 || await files.OpenAsync(incident.Number, ct) is not { Incident.IsOpen: true } file)
        {
            return;
        }

        var written = (await records.TimelineAsync(incident.Number, ct)).Where(entry => entry.Kind == TimelineKind.EngineActed).Select(entry => (entry.At, entry.Text)).ToHashSet();
        var room = MostEntries - written.Count;
        var entries = news
            .SelectMany(one => one.Happened.Select(happened => (At: Clock.WholeMilliseconds(happened.At), happened.By, Text: $"{one.Application.Name}: {happened.Words}")))
            .Where(entry => !written.Contains((entry.At, entry.Text)))
            .DistinctBy(entry => (entry.At, entry.Text)).OrderBy(entry => entry.At).ToList();
        foreach (var (at, by, text) in entries.Take(room))
        {
            file.Record(TimelineKind.EngineActed, by, text, happenedAt: at);
        }

        if (room > 0 && entries.Count >= room)
        {
            file.Record(TimelineKind.Note, "chatops", $"{MostEntries} acts of Argo CD are in this record; I write no more of them into it");
        }

        if (room > 0 && entries.Count > 0)
        {
            await files.PutBackAsync(file, null, ct);
        }

        news.ForEach(one => looked[(incident.Number, one.Application)] = LastOf(one.Happened));
    }

    /// <summary>Another text when anything is another; nothing of it is kept but this.</summary>
    private static string LastOf(List<Happening> happened) => happened is [.., var last] ? $"{happened.Count} {last.At.ToUnixTimeMilliseconds()} {last.Words}" : "";
}
