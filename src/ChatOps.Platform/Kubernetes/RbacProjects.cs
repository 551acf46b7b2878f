using ChatOps.Core.Policy;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Kubernetes;

/// <summary>The projects of one Argo CD that <c>chatops:projects</c> may patch: those in which a rule lets somebody have a role.</summary>
public sealed record RbacProjects(string Cluster, string Namespace, IReadOnlyList<string> Projects)
{
    public static IReadOnlyList<RbacProjects> Of(Rulebook rulebook, IReadOnlyCollection<RbacApplication> applications, IReadOnlyList<ArgoCdOptions> engines) =>
    [
        .. from application in applications
           where rulebook.GivesArgoCdRole(application.Ref.Name, application.Project, application.Namespace, application.Cluster)
           let engine = engines.First(engine => engine.Name == application.Ref.Instance)
           group application.Project by (application.HeldBy, engine.Namespace) into here
           orderby here.Key.HeldBy, here.Key.Namespace
           select new RbacProjects(here.Key.HeldBy, here.Key.Namespace, [.. here.Distinct().Order(StringComparer.Ordinal)]),
    ];
}
