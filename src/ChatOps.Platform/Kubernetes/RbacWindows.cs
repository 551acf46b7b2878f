using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>The projects of one Argo CD whose sync windows <see cref="ReservedUser.Projects"/> may write.</summary>
public sealed record RbacWindows(string Cluster, string Namespace, IReadOnlyList<string> Projects)
{
    /// <summary>Those of applications that the policy covers, where it lets anybody pause: which of them need a window only shows when one is paused.</summary>
    public static IReadOnlyList<RbacWindows> Of(Rulebook rulebook, IReadOnlyCollection<RbacApplication> applications, PlatformOptions options)
    {
        if (!rulebook.Policy.Rules.Exists(rule => rule.Verbs.Contains(PolicyVerb.Pause)))
        {
            return [];
        }

        var engines = options.ArgoCd.ToDictionary(engine => engine.Name, engine => engine.Namespace, StringComparer.Ordinal);
        return
        [
            .. applications
                .Where(application => rulebook.UsersFor(application.Ref.Name, application.Project, application.Namespace, application.Cluster).Count > 0)
                .GroupBy(application => (application.HeldBy, Namespace: engines[application.Ref.Instance]), application => application.Project)
                .OrderBy(group => group.Key.HeldBy, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Namespace, StringComparer.Ordinal)
                .Select(group => new RbacWindows(group.Key.HeldBy, group.Key.Namespace, [.. group.Distinct().Order(StringComparer.Ordinal)])),
        ];
    }
}
