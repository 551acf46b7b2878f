using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>The ApplicationSets of one namespace that <see cref="ReservedUser.Sets"/> may patch.</summary>
public sealed record RbacSets(string Cluster, string Namespace, IReadOnlyList<string> Sets)
{
    /// <summary>Those that made an application which a rule lets somebody pause by an entry in its set; a set lies beside what it makes.</summary>
    public static IReadOnlyList<RbacSets> Of(Rulebook rulebook, IEnumerable<RbacApplication> applications) =>
    [
        .. from application in applications
           where application.Set is not null && rulebook.MayEditSetOf(application.Ref.Name, application.Project, application.Namespace, application.Cluster)
           group application.Set! by (application.HeldBy, application.Ref.Namespace) into here
           orderby here.Key.HeldBy, here.Key.Namespace
           select new RbacSets(here.Key.HeldBy, here.Key.Namespace, [.. here.Distinct().Order(StringComparer.Ordinal)]),
    ];
}
