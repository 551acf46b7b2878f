using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>What time does to an override: the owner is asked before the end; at the end it is resumed, or escalated until somebody decides.</summary>
public sealed class TendLeases(IRecords records, IncidentFiles files, AskRulebook rules, AskAboutLease ask, KeepEvidence evidence, LookAtComeback comebacks, Reception reception)
{
    public async Task HandleAsync(DateTimeOffset now, CancellationToken ct)
    {
        var unsettled = await records.UnsettledLeasesAsync(ct);
        var due = unsettled
            .Where(IsTended)
            .Select(lease => lease with { Overwriting = SharedPause.Rule(lease, unsettled) })
            .Select(lease => (Lease: lease, Step: Due(lease, rules.Policy, now)))
            .Where(one => one.Step is not null)
            .OrderBy(one => IsLookedAt(one.Lease, one.Step) || one.Step != Step.Resume); // a look that waits for a cluster holds up no other end
        var broken = new List<Exception>();
        var silent = new HashSet<string>();
        foreach (var (lease, step) in due)
        {
            try
            {
                await TendAsync(lease, IsLookedAt(lease, step) ? await LookAsync(lease, silent, ct) : null, unsettled, ct);
            }
#pragma warning disable CA1031 // One lease that breaks must not keep the next from its end; what broke is thrown after the last.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                broken.Add(e);
            }
        }

        if (broken.Count > 0)
        {
            throw broken.Find(e => e is StaleRecordException) ?? (broken.Count == 1 ? broken[0] : new AggregateException(broken));
        }
    }

    public enum Step
    {
        Notice,
        Resume,
        Escalate,
    }

    /// <summary>What is due for a lease; pure.</summary>
    public static Step? Due(Lease lease, PolicyConfiguration policy, DateTimeOffset now)
    {
        if (lease.WaitsForPeople && (lease.Hold == Hold.Reverted || now < lease.Deadline))
        {
            return null; // they were asked when it was taken; one that is simply gone settles itself at its end
        }

        if (lease.FromBackup && now < lease.Deadline + EndAfterBackup.Patience)
        {
            return null; // its end may be a later one, which the object tells in a moment
        }

        if (now >= lease.Deadline)
        {
            var again = lease.EscalatedAt is null || now >= lease.EscalatedAt + policy.EscalateEvery;
            return lease.ResumeAtDeadline && !lease.WaitsForPeople && !lease.FromBackup
                ? again || !OverwriteRule.IsLookedAtFirst(lease) ? Step.Resume : null // it looked, and people were asked instead
                : again ? Step.Escalate : null;
        }

        var sixth = (lease.Deadline - lease.StartedAt) / 6;
        return lease.NoticedAt is null && now >= lease.Deadline - (sixth < policy.NoticeBeforeEnd ? sixth : policy.NoticeBeforeEnd) ? Step.Notice : null;
    }

    private static bool IsTended(Lease lease) => lease.State == LeaseState.Active || lease.WaitsForPeople;

    /// <summary>Before it ends by itself, and where people are told what would come back if it did.</summary>
    private static bool IsLookedAt(Lease lease, Step? step) =>
        OverwriteRule.IsLookedAtFirst(lease) && !lease.WaitsForPeople && (step == Step.Resume || step == Step.Escalate && !OverwriteRule.IsAskedFirst(lease));

    /// <summary>Before its incident is opened, since it takes a while; and an engine that did not answer is not waited for again in this round.</summary>
    private async Task<Looked> LookAsync(Lease lease, HashSet<string> silent, CancellationToken ct)
    {
        if (silent.Contains(lease.Target.Instance))
        {
            return new(null, await comebacks.UnaskedAsync(lease, ct));
        }

        var back = await comebacks.LookAsync(lease, ct);
        var (look, isSilent) = await evidence.LookUnlessItBreaksAsync(lease.Target, ct);
        if (isSilent)
        {
            silent.Add(lease.Target.Instance);
        }

        return new(look, back);
    }

    private async Task TendAsync(Lease stale, Looked? looked, IReadOnlyList<Lease> unsettled, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Lease(stale.Id) is not { } found || !IsTended(found))
        {
            return;
        }

        var lease = found with { Overwriting = SharedPause.Rule(found, unsettled) };
        if (Due(lease, rules.Policy, file.Now) is not { } step)
        {
            return;
        }

        var holder = SharedPause.Holders(lease, unsettled, seen: null).FirstOrDefault(other => other.Deadline > file.Now); // a window ends by itself, whoever holds on
        switch (step)
        {
            case Step.Resume or Step.Escalate when holder is not null && lease.State == LeaseState.Active:
                // Nothing is let loose by it, so nobody has to decide; whoever holds it last is asked.
                EndLease.Begin(file, lease with { OnlyLetsGo = step == Step.Escalate || OverwriteRule.IsLookedAtFirst(lease) }, "chatops", $"its time is over, and incident {holder.Incident} holds it on");
                break;
            case Step.Notice:
                file.Save(lease with { NoticedAt = file.Now });
                var asked = lease.Owner ?? file.Incident.Commander ?? file.Incident.Operator;
                file.Record(TimelineKind.DeadlineNear, "chatops", Text.Of($"the {lease.Noun} of {lease.Target.Name} ends at {lease.Deadline}; {(lease.Owner is null ? "nobody owns it, so " : "")}a question goes to {asked}"), lease.Id);
                await ask.HandleAsync(file, lease, asked, ct);
                break;
            case Step.Resume or Step.Escalate when IsLookedAt(lease, step) && looked is null:
                return; // its time came just now: the next round looks first
            case Step.Resume when !OverwriteRule.MayEndUnseen(lease, looked?.Look, looked?.Back):
                await EscalateAsync(file, lease, looked?.Back, OverwriteRule.MayOverwriteUnseen(lease, looked?.Look)
                    ? "Its rule ends it by itself, and not while Git says something else than what runs. "
                    : Text.Of($"Rule {lease.Overwriting.Rule:code} ends it by itself only where nothing that was changed by hand is lost, and that is not so, or not known. "), ct);
                break;
            case Step.Resume:
                EndLease.Begin(file, lease, "chatops", "its time is over");
                file.Tell(TimelineKind.DeadlinePassed, "chatops", _ => Text.Of($"The time of {lease.Target.Name:code} is over. {(lease.WindowIn is null ? $"I {lease.EndWord} it now, as the rule says" : "Its window ends by itself, and I take it out of the project")}."), Tone.Warning, lease.Id);
                break;
            case Step.Escalate:
                await EscalateAsync(file, lease, looked?.Back, Text.Empty, ct);
                break;
        }

        await files.PutBackAsync(file, null, ct);
    }

    /// <param name="back">What its end would bring back, where a rollback stands behind it.</param>
    /// <param name="why">Why it does not end by itself, where its rule says that it does.</param>
    private async Task EscalateAsync(IncidentFile file, Lease lease, Comeback? back, Text why, CancellationToken ct)
    {
        lease = lease with { Escalations = lease.Escalations + 1, EscalatedAt = file.Now };
        file.Save(lease);
        var people = new HashSet<string>(new[] { lease.Owner, file.Incident.Operator, file.Incident.Commander }.OfType<string>());
        foreach (var role in rules.Policy.EscalateTo.Take(lease.Escalations - 1))
        {
            people.UnionWith((await rules.HoldersAsync(role, ct)).Select(person => person.Name));
        }

        Text Mentions(ChatPlatform platform) => new([.. people.SelectMany(person => new[] { reception.Address(person, platform), new Run.Plain(" ") })]);
        if (lease.WaitsForPeople)
        {
            ThreadQuestion.Ask(file, lease.Id, TimelineKind.DeadlinePassed, "chatops",
                platform => OvertakenTexts.Seen(lease) + Text.Of($" The time of the {lease.Noun} is over ({lease.Deadline}). ") + OvertakenTexts.LeftToDo(lease) + " " + Mentions(platform),
                Tone.Alarm, key => OvertakenTexts.Buttons(file, lease, key));
        }
        else
        {
            file.Tell(TimelineKind.DeadlinePassed, "chatops", platform => Text.Of($"{lease.Target.Name:code} {(lease.Branch is { } held ? $"still runs commit {held.Spoken} past its end" : back is not null ? "is still kept at what it was rolled back to, past its end" : "is still paused past its end"):b} ({lease.Deadline}). ") + why
                + (back is { Comes: true } ? back.InWords + "So" : Text.Of($"{(lease.Branch is null ? "Resuming would let Argo CD take hand changes away" : "Restoring would deploy what Git says without the branch")}, so"))
                + Text.Of($" people decide: {$"{lease.EndWord} {lease.Target.Name}":code} or {$"extend {lease.Target.Name} by 30m":code}. ") + Mentions(platform), Tone.Alarm, lease.Id);
        }

        foreach (var person in people)
        {
            await ask.HandleAsync(file, lease, person, ct);
        }
    }

    /// <summary>That it was looked at, and what was seen; null: nothing could be.</summary>
    private sealed record Looked(HandsSeen? Look, Comeback? Back);
}
