using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests;

/// <summary>A valid anything; a test names only what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public const string OnCall = "chatops:on-call";

    public static JsonObject Application(string name = "checkout", string? syncPolicy = """{"automated":{"prune":true,"selfHeal":true}}""", string? annotations = null)
    {
        var application = (JsonObject)JsonNode.Parse("""
            {"apiVersion":"argoproj.io/v1alpha1","kind":"Application",
             "metadata":{"namespace":"argocd","uid":"5e7b4669-4cdf-43ad-8527-b75376ac9a85"},
             "spec":{"project":"default","source":{"repoURL":"https://git.example.com/shop.git","path":"shop","targetRevision":"main"},
                     "destination":{"server":"https://kubernetes.default.svc","namespace":"shop"}},
             "status":{"sync":{"status":"Synced","revision":"949765c7","comparedTo":{"destination":{},"source":{"repoURL":"https://git.example.com/shop.git"}}},
                       "health":{"status":"Healthy"}}}
            """)!;
        application["metadata"]!["name"] = name;
        if (annotations is not null)
        {
            application["metadata"]!["annotations"] = JsonNode.Parse(annotations);
        }

        if (syncPolicy is not null)
        {
            application["spec"]!["syncPolicy"] = JsonNode.Parse(syncPolicy);
        }

        return application;
    }

    public static ApplicationJson Read(JsonObject application)
    {
        using var document = JsonDocument.Parse(application.ToJsonString());
        return new(document.RootElement.Clone());
    }

    public static Surroundings Surroundings() => new()
    {
        Instance = "argocd",
        ClusterOf = _ => "production",
        Owner = Owner.Nobody,
        KnowsEnabled = true,
    };

    public static ApplicationFacts Facts(JsonObject application, Surroundings? around = null, DateTimeOffset? now = null) =>
        ApplicationReading.Facts(Read(application), around ?? Surroundings(), now ?? Now);

    public static Operation Approved(ApplicationFacts facts, int incident = 7, Guid? id = null, string user = OnCall, PauseMechanism? mechanism = null, string person = "alice@example.com") => new()
    {
        Id = id ?? Guid.NewGuid(),
        Kind = OperationKind.Pause,
        Incident = incident,
        RequestedBy = "alice",
        RequestedByKubernetesName = person,
        RequestedAt = Now,
        Reason = "rollback of payment config",
        Duration = TimeSpan.FromMinutes(45),
        Plan = new()
        {
            Target = new ApplicationTarget(facts.Ref, facts.Uid, facts.Project, facts.Cluster, facts.DestinationNamespace, "nobody"),
            Work = new PauseWork(mechanism ?? facts.Mechanism, facts.Automated),
            Changes = [new($"{facts.Automated.Path}/enabled", null, "false")],
            PolicyVersion = "1",
        },
        Authority = new("r", "1", "on-call", user, 1, "commanders", TimeSpan.FromHours(4), false, [], null),
        State = OperationState.Approved,
        StateSince = Now,
        RequestExpiresAt = DateTimeOffset.MaxValue,
        Lease = Guid.NewGuid(),
    };

    public static Lease Lease(Operation operation) => new()
    {
        Id = operation.Lease,
        Kind = LeaseKind.Pause,
        Incident = operation.Incident,
        Operation = operation.Id,
        Target = operation.Plan.Application.Ref,
        Uid = operation.Plan.Application.Uid,
        Mechanism = operation.Plan.Of<PauseWork>().Mechanism,
        Before = operation.Plan.Of<PauseWork>().Before,
        KubernetesUser = operation.Authority.KubernetesUser,
        Owner = "alice",
        Reason = operation.Reason,
        StartedAt = Now,
        Deadline = Now.AddMinutes(45),
        Latest = Now.AddHours(4),
        ResumeAtDeadline = false,
        State = LeaseState.Active,
    };
}
