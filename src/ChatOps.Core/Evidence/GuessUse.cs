using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Looking;
using ChatOps.Core.Records;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Where no audit log tells, live objects name the tool that wrote last, and the second, and Argo CD names who began an
/// operation. That is kept now and then while access is open, because the next writer takes the name away; of tools it is a
/// guess as to who, and is called one.
/// </summary>
public sealed class GuessUse(IRecords records, ApplicationsSeen seen, LookForWrites look, TimeProvider time)
{
    /// <summary>Argo CD's API server, which tells who asked it in the first word.</summary>
    private const string EngineServer = "argocd-server";

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

    /// <summary>What was written where the grant was open; of a role in Argo CD, what Argo CD says that its person did.</summary>
    public async Task<Writes> LookAsync(Grant grant, CancellationToken ct)
    {
        if (grant.Kind == GrantKind.ArgoCdRole)
        {
            return await ToldByEngineAsync(grant, ct);
        }

        var writes = await look(grant, ct);
        var (differing, isComplete) = grant.Scope.IsClusterWide ? ([], true) : await DifferingAsync(grant, ct);
        return writes with
        {
            Written = [.. writes.Written, .. differing.Where(deed => !writes.Written.Any(written => IsTheSame(written, deed)))],
            NotSeen = isComplete ? writes.NotSeen : [.. writes.NotSeen, $"all that differs from Git in {grant.Target.Name}"],
        };
    }

    /// <summary>Fields of the grant's application that are not as Git says, of whatever kind and in whatever namespace it has them.</summary>
    private async Task<(IReadOnlyList<Deed> Written, bool IsComplete)> DifferingAsync(Grant grant, CancellationToken ct)
    {
        var (_, report) = await seen.Of(grant.Target).CompareAsync(grant.Target, ct);
        if (report is null || ShowDifferences.Untrusted(report.Facts) is not null)
        {
            return ([], false);
        }

        var written =
            from resource in report.Resources
            from field in resource.Real
            where !field.IsByController
            let at = field.At ?? DateTimeOffset.MinValue
            where IsWithin(at, grant)
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
        return ([.. written], report.IsComplete);
    }

    /// <summary>By the name that Argo CD has for them, or by a token of the grant's own role.</summary>
    private async Task<Writes> ToldByEngineAsync(Grant grant, CancellationToken ct)
    {
        var (answer, happened) = await seen.Of(grant.Target).HappenedAsync(grant.Target, ct);
        var token = $"proj:{grant.Scope.Project}:{grant.ObjectName}";
        var told =
            from one in happened
            where IsWithin(one.At, grant)
            let who = new[] { grant.Subject, token }.FirstOrDefault(name => one.By == name || (one.By == EngineServer && one.Words.StartsWith(name + " ", StringComparison.Ordinal)))
            where who is not null
            select new Deed
            {
                Kind = DeedKind.ToldByEngine,
                By = who,
                Verb = "operate",
                Target = new("argoproj.io", "applications", null, grant.Target.Namespace, grant.Target.Name),
                Fields = [one.Words],
                FirstAt = Clock.WholeMilliseconds(one.At),
                LastAt = Clock.WholeMilliseconds(one.At),
            };
        return new([.. told], [], answer.IsOk ? [] : [$"what Argo CD tells of {grant.Target.Name}"]);
    }

    /// <summary>The API server keeps whole seconds.</summary>
    private bool IsWithin(DateTimeOffset at, Grant grant) => at >= grant.StartedAt.AddSeconds(-1) && at <= (grant.EndedAt ?? Clock.Now(time));

    /// <summary>One write, seen as a field that differs from Git and in the object itself.</summary>
    private static bool IsTheSame(Deed written, Deed differing) => written.By == differing.By && written.FirstAt == differing.FirstAt
        && written.Target.Namespace == differing.Target.Namespace && written.Target.Name == differing.Target.Name;
}
