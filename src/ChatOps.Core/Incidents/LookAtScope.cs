using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>
/// Looks at applications when they come into an incident's scope: what already keeps one from reconciling, waits to
/// overwrite hand changes, or would keep us from acting on it, is a surprise at 02:00 unless it is said at the start.
/// </summary>
public sealed class LookAtScope(Applications applications, AskRulebook rules, TimeProvider time)
{
    /// <summary>Each look is some calls to a cluster, and people wait for the thread: so many at once, and no more than ten times that.</summary>
    private const int AtOnce = 6;

    private const int Most = 60;

    /// <summary>One thing can be the matter with all of them, and nobody reads sixty messages.</summary>
    private const int MostTold = 12;

    /// <summary>A slow cluster is often why somebody declares, and each call has a limit of its own: for all of them together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task TellAsync(IncidentFile file, IReadOnlyList<ApplicationRef> scope, CancellationToken ct)
    {
        var (silent, told, untold) = (new HashSet<string>(), 0, new List<ApplicationRef>());
        var unread = new List<ApplicationRef>(scope.Skip(Most));
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        foreach (var some in scope.Take(Most).Chunk(AtOnce))
        {
            unread.AddRange(some.Where(application => silent.Contains(application.Instance)));
            foreach (var look in await Task.WhenAll(some.Where(application => !silent.Contains(application.Instance)).Select(application => LookAsync(application, either.Token, ct))))
            {
                if (look.Facts is null && silent.Contains(look.Application.Instance))
                {
                    unread.Add(look.Application);
                    continue;
                }

                _ = look.IsSilence && silent.Add(look.Application.Instance);
                Remember(file, look);
                var found = Found(look).ToList();
                if (found.Count > 0 && ++told > MostTold)
                {
                    untold.Add(look.Application);
                    continue;
                }

                foreach (var (sentence, tone) in found)
                {
                    file.Tell(TimelineKind.ForeignChange, "chatops", _ => sentence, tone);
                }
            }
        }

        if (untold is [var other, ..])
        {
            file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"Something is the matter with {untold.Count} more as well: {string.Join(", ", untold.Select(one => one.Name)):code}. {$"/gitops status {other.Name}":code} says of one what it is."), Tone.Warning);
        }

        if (unread is [var first, ..])
        {
            file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{unread.Count} more {(unread.Count == 1 ? "was" : "were")} not looked at now, so what keeps {(unread.Count == 1 ? "it" : "them")} from reconciling is not known. {$"/gitops status {first.Name}":code} looks at one."), Tone.Warning);
        }
    }

    /// <param name="Missing">Users of the policy that the cluster does not let patch it; null: the cluster did not say.</param>
    private sealed record Look(ApplicationRef Application, ClusterAnswer Answer, ApplicationFacts? Facts, int Users, IReadOnlyList<string>? Missing)
    {
        /// <summary>Asking on would be waiting on.</summary>
        public bool IsSilence => Facts is null ? Answer.IsTransient : Missing is null;
    }

    private async Task<Look> LookAsync(ApplicationRef application, CancellationToken inTime, CancellationToken ct)
    {
        try
        {
            return await LookAsync(application, inTime);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(application, new(ClusterAnswerKind.Unavailable, $"it was not read within {Patience.TotalSeconds:0} seconds"), null, 0, null);
        }
    }

    private async Task<Look> LookAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null)
        {
            return new(application, answer, null, 0, null);
        }

        var (users, missing) = (rules.UsersFor(facts), new List<string>());
        foreach (var user in users)
        {
            switch (await applications.Of(application).CoversAsync(user, application, ct))
            {
                case null:
                    return new(application, answer, facts, users.Count, null);
                case false:
                    missing.Add(user);
                    break;
            }
        }

        return new(application, answer, facts, users.Count, missing);
    }

    private static void Remember(IncidentFile file, Look look)
    {
        if (look.Missing is { } missing)
        {
            var others = file.Incident.NotCovered.Where(one => one != look.Application);
            file.Change(file.Incident with { NotCovered = missing.Count > 0 ? [.. others, look.Application] : [.. others] });
        }
    }

    /// <summary>Where nothing reverts a hand fix while it is so, what ends that is no way to keep one.</summary>
    private static string ToKeep(Blocker blocker) => blocker.Kind switch
    {
        BlockerKind.SkipReconcile => "Nothing reverts it while the annotation is there; pause in the moment after it is taken off.",
        BlockerKind.MalformedWindow => "Nothing reverts it while that window stands; pause before somebody corrects it.",
        _ => blocker.Instead,
    };

    private static IEnumerable<(Text Sentence, Tone Tone)> Found(Look look)
    {
        var name = look.Application.Name;
        if (look.Facts is not { } facts)
        {
            yield return (Text.Of($"{name:code} cannot be read now: {look.Answer.Sentence}."), Tone.Warning);
            yield break;
        }

        foreach (var blocker in facts.Blockers)
        {
            yield return (Text.Of($"{name:code} does not reconcile although nobody paused it here: {blocker.Sentence} {"To keep a hand fix:":b} {ToKeep(blocker)} {"To let Git rule:":b} {Remedy.For(blocker.Kind, facts)}"), Tone.Warning);
        }

        if (FlightWords.Of(facts) is { IsStuck: true } waits)
        {
            yield return (Text.Of($"{name:code} has a sync that waits, and it overwrites hand changes when it goes on: {waits.Why} {waits.Change}"), Tone.Warning);
        }

        if (look.Missing is { Count: > 0 } missing)
        {
            yield return (Text.Of($"{name:code} is covered by the policy, but not by the cluster's RBAC: {string.Join(", ", missing):code} may not patch it, so {(missing.Count == look.Users ? "nothing can be done to it from here" : "what people with that role ask for will fail")}. Let the platform team apply {"ChatOps.Server rbac":code}."), Tone.Alarm);
        }
    }
}
