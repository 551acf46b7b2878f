using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Looking;
using ChatOps.Core.Records;

namespace ChatOps.Core.Evidence;

/// <summary>What one look at live objects came to.</summary>
/// <param name="IsComplete">Nothing was left unseen.</param>
public sealed record Guess(IReadOnlyList<Deed> Written, bool IsComplete);

/// <summary>
/// Where no audit log tells, live objects name the tool that wrote a field last, and the second. That is kept now and then
/// while access is open, because the next writer takes the name away; it is a guess as to who, and is called one.
/// </summary>
public sealed class GuessUse(IRecords records, ApplicationsSeen seen, TimeProvider time)
{
    public async Task HandleAsync(Guid id, CancellationToken ct)
    {
        if (await records.FindGrantAsync(id, ct) is not { State: GrantState.Active } grant)
        {
            return;
        }

        var guess = await LookAsync(grant, ct);
        await UnlessFaster.DoAsync(async () =>
        {
            if (await records.FindUseAsync(id, ct) is { IsHeard: false } use)
            {
                await records.CommitAsync(new Changes().Save(use.Look(guess.Written, Clock.Now(time))), ct);
            }
        });
    }

    /// <summary>Fields of the grant's application that are not as Git says and were written while it was open.</summary>
    public async Task<Guess> LookAsync(Grant grant, CancellationToken ct)
    {
        var (_, report) = await seen.Of(grant.Target).CompareAsync(grant.Target, ct);
        if (report is null || ShowDifferences.Untrusted(report.Facts) is not null)
        {
            return new([], false);
        }

        // The API server keeps whole seconds.
        var written =
            from resource in report.Resources
            from field in resource.Real
            let at = field.At ?? DateTimeOffset.MinValue
            where at >= grant.StartedAt.AddSeconds(-1) && at <= (grant.EndedAt ?? Clock.Now(time))
            select new Deed
            {
                Kind = DeedKind.Guessed,
                By = field.By ?? "somebody",
                Verb = "write",
                Target = new("", resource.Kind, null, resource.Namespace.Length > 0 ? resource.Namespace : null, resource.Name),
                Fields = [field.Path],
                FirstAt = at,
                LastAt = at,
            };
        return new([.. written], report.IsComplete);
    }
}
