using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Puts what was heard of a grant's use on the incident's timeline and into its thread. It compares what is known with what
/// was told, so that a restart leaves nothing out and telling twice says it once.
/// </summary>
public sealed class TellUse(IRecords records, IncidentFiles files, Register register)
{
    /// <summary>Begins to listen for access that is open and of which nothing was heard yet.</summary>
    public Task BeginAsync(IReadOnlyList<Grant> grants, CancellationToken ct) =>
        records.CommitAsync(grants.Aggregate(new Changes(), (changes, grant) => changes.Save(GrantUse.Of(grant))), ct);

    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindUseAsync(id, ct) is not { } use || use.News == use.Told || await files.OpenAsync(use.Incident, ct) is not { } file || file.Grant(id) is not { } grant)
        {
            return;
        }

        file.Changes.Save(Told(file, grant, use));
        await files.PutBackAsync(file, null, ct);
    }

    public async Task SettleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindUseAsync(id, ct) is { IsSettled: false } use)
        {
            await records.CommitAsync(new Changes().Save(use with { IsSettled = true, Remembered = [] }), ct);
        }
    }

    /// <summary>The use as it is when everything that is known of it is on the timeline and in the thread.</summary>
    internal GrantUse Told(IncidentFile file, Grant grant, GrantUse use)
    {
        if (use.News == use.Told)
        {
            return use;
        }

        foreach (var deed in use.Deeds.Where(deed => !deed.IsRecorded).OrderBy(deed => deed.FirstAt))
        {
            var by = deed.By == grant.Subject ? grant.Person : deed.By;
            file.Record(TimelineKind.GrantUsed, by, Text.Of($"{UseTexts.Who(deed, register)} ") + UseTexts.What(deed) + How(deed, grant) + UseTexts.By(deed), grant.Id, deed.FirstAt);
        }

        var told = use with { Told = use.News, Deeds = [.. use.Deeds.Select(deed => deed with { IsRecorded = true })] };
        UseCard.Show(file, grant, told, register);
        return told;
    }

    private static Text How(Deed deed, Grant grant) => deed.Kind switch
    {
        DeedKind.ByOthers => Text.Of($", while access {grant.ShortId} was open"),
        DeedKind.Guessed => Text.Of($", while access {grant.ShortId} was open; that is the tool, who used it is not known"),
        DeedKind.ToldByEngine => Text.Of($", while access {grant.ShortId} was open"),
        DeedKind.Change or DeedKind.Lasting or DeedKind.Stream when deed.IsBeyond => Text.Of($", while access {grant.ShortId} was open"),
        DeedKind.Change or DeedKind.Lasting or DeedKind.Stream => Text.Of($", with access {grant.ShortId}"),
    };
}
