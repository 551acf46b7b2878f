using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;

namespace ChatOps.Core.Reconciliation;

/// <summary>All applications of all engines: finds the one that somebody means.</summary>
public sealed class Applications(IEnumerable<IReconciler> reconcilers)
{
    private readonly IReadOnlyList<IReconciler> reconcilers = [.. reconcilers];

    public IReconciler Of(ApplicationRef application) =>
        reconcilers.FirstOrDefault(reconciler => reconciler.Instance == application.Instance)
        ?? new NotConfigured(application.Instance);

    /// <summary>Exactly one, preferring those in <paramref name="scope"/>; else a refusal that names the candidates.</summary>
    public async Task<(ApplicationRef? Application, Refusal? Refusal)> FindAsync(ApplicationQuery query, IReadOnlyList<ApplicationRef> scope, CancellationToken ct)
    {
        var inScope = scope.Where(query.Matches).ToList();
        if (inScope.Count == 1)
        {
            return (inScope[0], null);
        }

        var sought = (await FindAllAsync([query], ct))[0];
        return (sought.Application, sought.Refusal);
    }

    /// <summary>
    /// As <see cref="FindAsync"/> for each of them, with one list of each engine, however many they are. What is on none of the
    /// lists is asked for by its name before it is said that there is no such thing: a list may be some seconds behind.
    /// </summary>
    public async Task<IReadOnlyList<Sought>> FindAllAsync(IReadOnlyList<ApplicationQuery> queries, CancellationToken ct)
    {
        var asked = reconcilers.Where(one => queries.Any(query => IsMeant(query, one.Instance)));
        var lists = await Task.WhenAll(asked.Select(async one =>
        {
            var (answer, found) = await one.ListAsync(ct);
            return new EngineList(one.Instance, answer, found);
        }));
        var sought = new List<Sought>();
        foreach (var query in queries)
        {
            var meant = lists.Where(list => IsMeant(query, list.Instance)).ToList();
            sought.Add(meant.Exists(list => !list.Answer.IsOk || list.Applications.Any(query.Matches)) ? Choose(query, meant) : await NamedAsync(query, meant, ct));
        }

        return sought;
    }

    private async Task<Sought> NamedAsync(ApplicationQuery query, IReadOnlyList<EngineList> listed, CancellationToken ct)
    {
        var named = await Task.WhenAll(listed.Select(async list =>
        {
            var (answer, found) = await reconcilers.First(one => one.Instance == list.Instance).NamedAsync(query.Name, ct);
            return new EngineList(list.Instance, answer, [.. list.Applications, .. found]);
        }));
        return Choose(query, named);
    }

    /// <summary>All that own something in a namespace, of whatever cluster; none where one engine does not say, since any of its applications could.</summary>
    public async Task<(IReadOnlyList<ApplicationRef>? Applications, Refusal? Refusal)> InNamespaceAsync(string name, CancellationToken ct)
    {
        var all = new List<ApplicationRef>();
        foreach (var one in reconcilers)
        {
            var (answer, found) = await one.InNamespaceAsync(name, ct);
            if (!answer.IsOk)
            {
                return (null, ClusterRefusals.For(answer, Text.Of($"I cannot list the applications of {one.Instance:code}, so I cannot tell which own something in namespace {name:code}.")));
            }

            all.AddRange(found);
        }

        return (all, null);
    }

    private static bool IsMeant(ApplicationQuery query, string instance) => query.Instance is null || query.Instance == instance;

    private static Sought Choose(ApplicationQuery query, IReadOnlyList<EngineList> lists)
    {
        if (lists.FirstOrDefault(list => !list.Answer.IsOk) is { } silent)
        {
            return new(query, null, ClusterRefusals.For(silent.Answer, Text.Of($"I cannot list the applications of {silent.Instance:code}, so I cannot tell which one {query.ToString():code} is."))) { Silence = silent.Answer };
        }

        var all = lists.SelectMany(list => list.Applications).ToList();
        var matches = all.Where(query.Matches).ToList();
        return matches switch
        {
            [var only] => new(query, only, null),
            [] => new(query, null, NotFound(query, all)),
            _ => new(query, null, new Refusal(RefusalKind.Ambiguous, Text.Of($"{query.ToString():code} could be {string.Join(" or ", matches)}.")) { Instead = "Write the whole name." }),
        };
    }

    private static Refusal NotFound(ApplicationQuery query, List<ApplicationRef> all)
    {
        var names = all.Select(application => application.Name).Distinct().ToList();
        var near = names.Where(name => name.Contains(query.Name, StringComparison.OrdinalIgnoreCase) || query.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(3).ToList();
        if (Suggestion.Nearest(query.Name, names) is { } mistyped && !near.Contains(mistyped))
        {
            near.Insert(0, mistyped);
        }

        return new Refusal(RefusalKind.NotFound, Text.Of($"There is no application {query.ToString():code}."))
        {
            Instead = near.Count == 0 ? Text.Of($"{"/gitops apps":code} lists those there are.") : Text.Of($"Did you mean {string.Join(", ", near):code}?"),
        };
    }

    private sealed record EngineList(string Instance, ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications);
}

/// <summary>What was meant, and what was found: the one application, or why not.</summary>
public sealed record Sought(ApplicationQuery Query, ApplicationRef? Application, Refusal? Refusal)
{
    /// <summary>An engine did not list its applications: nothing is known about what was meant.</summary>
    public ClusterAnswer? Silence { get; init; }
}

/// <summary>A cluster's answer as a refusal that says what happened and what to do.</summary>
public static class ClusterRefusals
{
    public static Refusal For(ClusterAnswer answer, Text what) => answer.Kind switch
    {
        ClusterAnswerKind.Ok => throw new InvalidOperationException("Ok is not a refusal"),
        ClusterAnswerKind.Busy or ClusterAnswerKind.Unavailable or ClusterAnswerKind.Unknown or ClusterAnswerKind.FenceBusy or ClusterAnswerKind.UnderWay =>
            new Refusal(RefusalKind.ClusterSilent, what) { Instead = Text.Of($"{answer.Sentence}. Nothing was changed; try again in a minute.") },
        ClusterAnswerKind.Forbidden or ClusterAnswerKind.Gone or ClusterAnswerKind.Moved or ClusterAnswerKind.Rejected or ClusterAnswerKind.Failed =>
            new Refusal(RefusalKind.ClusterSaidNo, what) { Instead = Text.Of($"{answer.Sentence}. Nothing was changed.") },
    };
}
