using ChatOps.Core.Policy;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Kubernetes;

/// <summary>The projects of one Argo CD that <see cref="ReservedUser.Projects"/> may patch.</summary>
public sealed record RbacProjects(string Cluster, string Namespace, IReadOnlyList<string> Projects)
{
    /// <summary>Those in which a rule lets somebody have a role.</summary>
    public static IReadOnlyList<RbacProjects> ForRoles(Rulebook rulebook, IEnumerable<RbacApplication> applications, IReadOnlyList<ArgoCdOptions> engines) =>
        Of(applications.Where(one => rulebook.GivesArgoCdRole(one.Ref.Name, one.Project, one.Namespace, one.Cluster)), engines);

    /// <summary>Those of applications that the policy covers, where it lets anybody pause: which of them need a window only shows when one is paused.</summary>
    public static IReadOnlyList<RbacProjects> ForWindows(Rulebook rulebook, IEnumerable<RbacApplication> applications, IReadOnlyList<ArgoCdOptions> engines) =>
        rulebook.Policy.Rules.Exists(rule => rule.Verbs.Contains(PolicyVerb.Pause))
            ? Of(applications.Where(one => rulebook.UsersFor(one.Ref.Name, one.Project, one.Namespace, one.Cluster).Count > 0), engines)
            : [];

    private static IReadOnlyList<RbacProjects> Of(IEnumerable<RbacApplication> applications, IReadOnlyList<ArgoCdOptions> engines) =>
    [
        .. from application in applications
           let engine = engines.First(engine => engine.Name == application.Ref.Instance)
           group application.Project by (application.HeldBy, engine.Namespace) into here
           orderby here.Key.HeldBy, here.Key.Namespace
           select new RbacProjects(here.Key.HeldBy, here.Key.Namespace, [.. here.Distinct().Order(StringComparer.Ordinal)]),
    ];
}
