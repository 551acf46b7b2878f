using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>What time does to an override: the owner is asked before the end; at the end it is resumed, or escalated until somebody decides.</summary>
public sealed class TendLeases(IRecords records, IncidentFiles files, AskRulebook rules, Reception reception)
{
    public async Task HandleAsync(DateTimeOffset now, CancellationToken ct)
    {
        var due = (await records.UnsettledLeasesAsync(ct))
            .Where(lease => lease.State == LeaseState.Active)
            .Select(lease => (Lease: lease, Step: Due(lease, rules.Policy, now)))
            .Where(one => one.Step is not null)
            .OrderBy(one => one.Step != Step.Resume);
        var broken = new List<Exception>();
        foreach (var (lease, _) in due)
        {
            try
            {
                await TendAsync(lease, ct);
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
        if (now >= lease.Deadline)
        {
            return lease.ResumeAtDeadline ? Step.Resume
                : lease.EscalatedAt is null || now >= lease.EscalatedAt + policy.EscalateEvery ? Step.Escalate
                : null;
        }

        var sixth = (lease.Deadline - lease.StartedAt) / 6;
        return lease.NoticedAt is null && now >= lease.Deadline - (sixth < policy.NoticeBeforeEnd ? sixth : policy.NoticeBeforeEnd) ? Step.Notice : null;
    }

    private async Task TendAsync(Lease stale, CancellationToken ct)
    {
        if (await files.OpenAsync(stale.Incident, ct) is not { } file || file.Lease(stale.Id) is not { State: LeaseState.Active } lease || Due(lease, rules.Policy, file.Now) is not { } step)
        {
            return;
        }

        switch (step)
        {
            case Step.Notice:
                file.Save(lease with { NoticedAt = file.Now });
                file.Record(TimelineKind.DeadlineNear, "chatops", Text.Of($"the pause of {lease.Target.Name} ends at {lease.Deadline}; {lease.Owner ?? "nobody"} was asked"), lease.Id);
                Ask(file, lease, lease.Owner ?? file.Incident.Commander ?? file.Incident.Operator, "is about to end");
                break;
            case Step.Resume:
                EndLease.Begin(file, lease, "chatops", "its time is over");
                file.Tell(TimelineKind.DeadlinePassed, "chatops", _ => Text.Of($"The time of {lease.Target.Name:code} is over. I resume it now, as the rule says."), Tone.Warning, lease.Id);
                break;
            case Step.Escalate:
                await EscalateAsync(file, lease, ct);
                break;
        }

        await files.PutBackAsync(file, null, ct);
    }

    private async Task EscalateAsync(IncidentFile file, Lease lease, CancellationToken ct)
    {
        lease = lease with { Escalations = lease.Escalations + 1, EscalatedAt = file.Now };
        file.Save(lease);
        var people = new HashSet<string>(new[] { lease.Owner, file.Incident.Operator, file.Incident.Commander }.OfType<string>());
        foreach (var role in rules.Policy.EscalateTo.Take(lease.Escalations - 1))
        {
            people.UnionWith((await rules.HoldersAsync(role, ct)).Select(person => person.Name));
        }

        file.Tell(TimelineKind.DeadlinePassed, "chatops", platform => Text.Of($"{lease.Target.Name:code} is {"still paused past its end":b} ({lease.Deadline}). Resuming would let Argo CD take hand changes away, so people decide: {$"resume {lease.Target.Name}":code} or {$"extend {lease.Target.Name} by 30m":code}. ")
            + new Text([.. people.SelectMany(person => new[] { reception.Address(person, platform), new Run.Plain(" ") })]), Tone.Alarm, lease.Id);
        foreach (var person in people)
        {
            Ask(file, lease, person, "is past its end");
        }
    }

    private void Ask(IncidentFile file, Lease lease, string person, string what)
    {
        foreach (var platform in file.Incident.Channels.Select(channel => channel.Platform).Distinct())
        {
            if (reception.AccountOf(person, platform) is not { } account)
            {
                continue;
            }

            var key = new MessageKey($"lease/{lease.Id:N}/{lease.Deadline.ToUnixTimeSeconds()}/{lease.Escalations}/{account.Platform}/{account.UserId}");
            var card = new Card($"The pause of {lease.Target.Name} {what}", Tone.Warning,
            [
                new Part.Paragraph(Text.Of($"It ends {lease.Deadline}. {(lease.ResumeAtDeadline ? "Then I resume it, and Argo CD puts back what Git says." : "Then I ask more people until somebody decides.")}")),
                new Part.Facts([new("Why", lease.Reason), new("Incident", Text.Of($"{file.Incident.Number}: {file.Incident.Title}")), new("Holds?", IncidentCard.HoldInWords(lease.Hold))]),
                new Part.Buttons([Offer("Extend …", ChoiceKind.ExtendLease), Offer("Resume", ChoiceKind.ResumeLease), Offer(person == lease.Owner ? "I need an owner" : "I take it", person == lease.Owner ? ChoiceKind.NeedOwner : ChoiceKind.TakeLease)]),
            ]);
            file.Changes.Post(new Outgoing.Say(key, new Where.ToPerson(account), card));

            Button Offer(string label, ChoiceKind kind)
            {
                var token = Tokens.Next();
                file.Changes.Offer(new Choice(token, kind, lease.Id, null, key, file.Now + TimeSpan.FromDays(30)));
                return new Button(label, token) { Confirm = kind == ChoiceKind.ResumeLease ? "Argo CD applies what Git says within seconds; hand changes that are not in Git are lost." : null };
            }
        }
    }
}
