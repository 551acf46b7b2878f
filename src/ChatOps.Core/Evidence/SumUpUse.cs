using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Says in the thread, once access has ended, what it was used for and what may outlive it. Comes after the end and its
/// proof and is in the way of neither; what it finds it names, and leaves to people.
/// </summary>
public sealed class SumUpUse(IRecords records, IncidentFiles files, LookForLeftovers look, GuessUse guess, TellUse tell, IdleHint hint, Register register)
{
    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindUseAsync(id, ct) is not { SummedUpAt: null } use || await records.FindGrantAsync(id, ct) is not { State: GrantState.Ended } grant)
        {
            return;
        }

        if (grant is { GivenAt: null, WasGone: true } || await records.FindOperationAsync(grant.Operation, ct) is not { } operation)
        {
            await UnlessFaster.DoAsync(() => tell.SettleAsync(id, ct)); // nobody ever had it
            return;
        }

        // The cluster first: it takes its time, and the books may change meanwhile.
        var left = await look(grant, operation.Plan.Application.Project, ct);
        var guessed = use.IsHeard ? null : await guess.LookAsync(grant, ct);
        await UnlessFaster.DoAsync(() => WriteDownAsync(id, left, guessed, ct));
    }

    private async Task WriteDownAsync(Guid id, Leftovers left, Writes? guessed, CancellationToken ct)
    {
        if (await records.FindUseAsync(id, ct) is not { SummedUpAt: null } use || await files.OpenAsync(use.Incident, ct) is not { } file || file.Grant(id) is not { } grant)
        {
            return;
        }

        use = tell.Told(file, grant, guessed is null ? use : use.Look(guessed.Written, file.Now)) with { SummedUpAt = file.Now };
        var said = grant.Kind == GrantKind.ArgoCdRole ? GuessTexts.OfRole(grant, use, guessed, register) : Said(grant, use) + (guessed is null ? Text.Empty : GuessTexts.Of(grant, use, guessed));
        var outlasting = Outlasting.Of(grant, use, left, register);
        file.Tell(TimelineKind.GrantUsed, "chatops", _ => outlasting is null ? said + Outlasting.Nothing(grant, use, left) : said, Tone.Neutral, id);
        if (outlasting is not null)
        {
            file.Tell(TimelineKind.GrantLeftBehind, "chatops", _ => outlasting, Tone.Alarm, id);
        }

        hint.Close(file, grant, use);
        file.Changes.Save(use);
        await files.PutBackAsync(file, null, ct);
    }

    private Text Said(Grant grant, GrantUse use)
    {
        var own = use.Own;
        var log = Text.Of($"the audit log of cluster {grant.Scope.Cluster:code}");
        var whose = GrantTexts.Whose(grant, register);
        return (use.IsHeard, own.Count) switch
        {
            (true, 0) => whose + Text.Of($" was used for {"no change":b}: ") + log + Text.Of($", which told of its beginning{(use.EndHeardAt is null ? " but not of its end yet" : " and of its end")}, tells of no change and no shell by {grant.Subject:code} with it. Reading is not in it.") + Beside(use),
            (true, _) => whose + Text.Of($" was used for {UseTexts.HowMuch(use):b}: ") + UseTexts.Few(own) + "." + Beside(use),
            (false, 0) => Text.Of($"What was done with the access {grant.ShortId:code} is {"not known":b}: ") + log + " told us nothing of it.",
            (false, _) => whose + Text.Of($" was used for {UseTexts.HowMuch(use):b} at least: ") + UseTexts.Few(own) + ". Of its beginning " + log + " told us nothing, so there may be more.",
        };
    }

    /// <summary>With two at once, what is done is counted for one of them.</summary>
    private static Text Beside(GrantUse use) => use.ToldOf.Count == 0 ? Text.Empty
        : Text.Of($" What was done while {string.Join(", ", use.ToldOf):code} was open too is told of that.");
}
