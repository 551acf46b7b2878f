using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Benchmarks.Ends;

/// <summary>Grants that are open, each of one person in one namespace, in incidents of twenty.</summary>
internal static class OpenGrants
{
    /// <summary>As many as a grant of the editor's role is asked about.</summary>
    private static readonly AccessRight[] Probes =
    [
        new("delete", "", "pods"), new("create", "", "pods/exec"), new("get", "", "pods/log"), new("patch", "", "configmaps"),
        new("get", "", "services"), new("patch", "apps", "deployments"), new("patch", "apps", "deployments/scale"), new("update", "apps", "deployments"),
    ];

    private static readonly AccessRight[] ProbesOfNodes = [new("get", "", "nodes"), new("list", "", "nodes"), new("watch", "", "nodes"), new("get", "", "namespaces"), new("list", "", "namespaces")];

    private static readonly GrantKind[] Kinds = [GrantKind.RoleBinding, GrantKind.ClusterRoleBinding, GrantKind.ServiceAccount, GrantKind.ArgoCdRole];

    public const string AccountsIn = "breakglass-accounts";

    public static IReadOnlyList<Grant> Of(EndsPlan plan, DateTimeOffset firstEnd) => [.. Enumerable.Range(0, plan.Grants).Select(at =>
    {
        var kind = plan.Mixed ? Kinds[at % Kinds.Length] : GrantKind.RoleBinding;
        var (id, own) = (Guid.NewGuid(), (at / Kinds.Length) % Incidents(plan)); // ends of one second are of many incidents
        var endsAt = DateTimeOffset.FromUnixTimeSeconds((firstEnd + (plan.Spread * at / plan.Grants)).ToUnixTimeSeconds());
        return new Grant
        {
            Id = id,
            Kind = kind,
            Incident = 1 + own,
            Operation = Guid.NewGuid(),
            Person = "carol",
            Subject = kind == GrantKind.ServiceAccount ? $"system:serviceaccount:{AccountsIn}:chatops-{id:N}" : $"person-{at}@example.com",
            Role = "editor",
            Target = new("argocd", "argocd", $"app-{own}"),
            Scope = ScopeOf(kind, own),
            Reason = "pods crashloop on config",
            StartedAt = endsAt.AddMinutes(-30),
            EndsAt = endsAt,
            FirstStartedAt = endsAt.AddMinutes(-30),
            Latest = endsAt.AddHours(2),
            Probes = kind == GrantKind.ClusterRoleBinding ? ProbesOfNodes : Probes,
            State = GrantState.Active,
            GivenAt = endsAt.AddMinutes(-30),
            NoticedAt = endsAt.AddMinutes(-5),
        };
    })];

    private static GrantScope ScopeOf(GrantKind kind, int own) => kind switch
    {
        GrantKind.RoleBinding => new("shop", [$"team-{own}"], "chatops-breakglass-editor", ["get, list, watch pods"]),
        GrantKind.ClusterRoleBinding => new("shop", [""], "chatops-breakglass-cluster-viewer", ["get, list, watch nodes"]),
        GrantKind.ServiceAccount => new("shop", [$"team-{own}"], "chatops-breakglass-editor", ["get, list, watch pods"]) { Accounts = AccountsIn },
        GrantKind.ArgoCdRole => new("shop", ["argocd"], "", ["get", "sync"]) { Project = $"team-{own}" },
    };

    public static IReadOnlyList<string> Namespaces(EndsPlan plan) => [.. Enumerable.Range(0, Incidents(plan)).Select(at => $"team-{at}")];

    /// <summary>Writes them and closes the books again: the product opens them.</summary>
    public static async Task WriteAsync(string store, EndsPlan plan, IReadOnlyList<Grant> grants, CancellationToken ct)
    {
        using var records = LiteDbRecords.Open(store, TimeProvider.System);
        foreach (var own in grants.GroupBy(grant => grant.Incident))
        {
            var changes = new Changes().Save(new Incident
            {
                Number = own.Key,
                Title = $"app-{own.Key} answers 500",
                Severity = Severity.Sev2,
                State = IncidentState.Open,
                DeclaredAt = own.Min(grant => grant.StartedAt),
                DeclaredBy = "alice",
                Operator = "alice",
                Channels = [new(ChatPlatform.Slack, SampleWorkspace.TeamId, SampleWorkspace.IncidentChannel)],
                Scope = [own.First().Target],
                Head = Chain.Root(own.Key),
            });
            foreach (var grant in own)
            {
                changes.Save(grant);
            }

            await records.CommitAsync(changes, ct);
        }
    }

    public static async Task<IReadOnlyList<Grant>> ReadAsync(IRecords records, EndsPlan plan, CancellationToken ct)
    {
        var all = new List<Grant>();
        for (var incident = 1; incident <= Incidents(plan); incident++)
        {
            all.AddRange(await records.GrantsAsync(incident, ct));
        }

        return all;
    }

    private static int Incidents(EndsPlan plan) => Math.Max(1, plan.Grants / EndsPlan.PerIncident);
}
