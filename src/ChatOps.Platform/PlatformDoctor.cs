using System.Net;
using ChatOps.Core;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform;

/// <summary>What <c>doctor</c> asks of clusters and Argo CDs. It changes nothing.</summary>
public sealed class PlatformDoctor(PlatformOptions options, ClusterConnections clusters, Rulebook rulebook, PlatformRbac rbac, Janitors janitors, TimeProvider time)
{
    private const string AnyField = "whoever broke into the bot could write any field of the applications and projects that its roles may patch, not only those of its verbs";
    private const string ApplyRbac = "Run `ChatOps.Server rbac`, review what it writes, and apply it.";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var findings = new List<Finding>();
        var reachable = true;
        foreach (var cluster in options.Clusters.Select(configured => clusters.Of(configured.Name)))
        {
            var version = await cluster.GetAsync("version", ct);
            reachable &= version.IsOk;
            findings.Add(version.IsOk
                ? Finding.Good($"Cluster {cluster.Name} answers: Kubernetes {version.Body.Text("gitVersion")}")
                : Finding.Problem(ClusterAnswers.Of(version, new(cluster.Name, null, "get", "version", null)).Sentence, $"Check address, certificate and credentials of {cluster.Name} in Clusters."));
            if (version.IsOk)
            {
                findings.Add(ClockCheck.Of($"cluster {cluster.Name}", version.Date, time.GetUtcNow()));
                findings.Add(await AdmissionAsync(cluster, ct));
                if (rulebook.Policy.BreakGlass.Namespaces.Exists(scope => scope.Cluster == cluster.Name))
                {
                    findings.Add(await GrantBounds.LookAsync(cluster, rulebook.Policy.BreakGlass.AccountsIn.Length > 0 ? GrantKind.ServiceAccount : GrantKind.RoleBinding, rulebook.Policy.BreakGlass, ct));
                }

                if (rulebook.Policy.BreakGlass.ClusterWideIn.Contains(cluster.Name))
                {
                    findings.Add(await GrantBounds.LookAsync(cluster, GrantKind.ClusterRoleBinding, rulebook.Policy.BreakGlass, ct));
                }

                if (rulebook.Policy.BreakGlass.Roles.Exists(role => role.Kind == GrantKind.ArgoCdRole) && options.ArgoCd.Any(engine => clusters.Of(engine.Cluster) == cluster))
                {
                    findings.Add(await GrantBounds.LookAsync(cluster, GrantKind.ArgoCdRole, rulebook.Policy.BreakGlass, ct));
                }
            }
        }

        foreach (var engine in reachable ? options.ArgoCd : [])
        {
            findings.AddRange(await LookAtAsync(engine, clusters.Of(engine.Cluster), ct));
        }

        findings.AddRange(reachable ? (await janitors.LookAsync(ct)).Select(look => look.Finding) : []);
        return reachable ? [.. findings, .. await rbac.CheckAsync(ct)] : findings;
    }

    private async Task<Finding> AdmissionAsync(ClusterApi cluster, CancellationToken ct)
    {
        var group = await cluster.GetAsync("apis/admissionregistration.k8s.io/v1", ct);
        if (!group.Body.Items("resources").Any(resource => resource.Text("name") == "validatingadmissionpolicies"))
        {
            return Finding.Problem(
                $"Cluster {cluster.Name} has no ValidatingAdmissionPolicy (Kubernetes 1.30): {AnyField}",
                "Upgrade the cluster, or accept that; break-glass RoleBindings stay off there.");
        }

        if (!options.ArgoCd.Any(engine => clusters.Of(engine.Cluster) == cluster))
        {
            return Finding.Good($"Cluster {cluster.Name} has admission policies, and no Argo CD whose applications they would bound");
        }

        return await AdmissionPolicies.MissingAsync(cluster, [.. AdmissionPolicies.OfApplications, .. AdmissionPolicies.OfProjects, .. MayEditSets ? AdmissionPolicies.OfSets : []], ct) is { } missing
            ? Finding.Problem($"Admission policy {missing} is not there or not enforced on {cluster.Name}, as far as the bot may read: {AnyField}", "Apply manifests/admission, and manifests/base for the right to read them.")
            : Finding.Good($"Cluster {cluster.Name} bounds by admission policies which fields of an application and a project the bot can write");
    }

    private bool MayEditSets => rulebook.Policy.Rules.Exists(rule => rule.MayAddIgnoreApplicationDifferences);

    private async Task<IReadOnlyList<Finding>> LookAtAsync(ArgoCdOptions engine, ClusterApi cluster, CancellationToken ct)
    {
        var found = await cluster.GetAsync("apis/argoproj.io/v1alpha1", ct);
        if (found.Status == HttpStatusCode.NotFound)
        {
            return [Finding.Problem($"Cluster {cluster.Name} has no Argo CD: its custom resources are not there", $"Correct ArgoCd:{engine.Name}:Cluster, or install Argo CD.")];
        }

        var findings = new List<Finding> { await FieldAsync(engine, cluster, time, ct) };
        foreach (var ns in engine.AllNamespaces)
        {
            foreach (var verb in new[] { "get", "list", "watch" })
            {
                findings.Add(await MayAsync(cluster, new(verb, "argoproj.io", "applications") { Namespace = ns }, $"{verb} applications in {ns}", true, "Apply manifests/base (reads.yaml).", ct));
            }

            findings.Add(await MayAsync(cluster, new("patch", "argoproj.io", "applications") { Namespace = ns }, $"patch applications in {ns} as itself", false, "Take that right from the bot's own account: it writes as the roles' users only.", ct));
        }

        foreach (var resource in new[] { "appprojects", "applicationsets" })
        {
            findings.Add(await MayAsync(cluster, new("get", "argoproj.io", resource) { Namespace = engine.Namespace }, $"get {resource} in {engine.Namespace}", true, "Apply manifests/base (reads.yaml).", ct));
        }

        findings.Add(await MayAsync(cluster, new("get", "", "secrets"), "get Secrets of every namespace", false, "Take that right away: it needs no Secret.", ct));
        findings.Add(await MayAsync(cluster, new("get", "", "configmaps"), "get ConfigMaps of every namespace", false, "Apply manifests/base (reads.yaml) and what `ChatOps.Server rbac` writes: it reads in the namespaces of the policy's applications only.", ct));
        findings.AddRange(await ImpersonationAsync(cluster, ct));
        return findings;
    }

    private static async Task<Finding> FieldAsync(ArgoCdOptions engine, ClusterApi cluster, TimeProvider time, CancellationToken ct) =>
        await new CrdFeatures(time).KnowsEnabledAsync(path => cluster.GetAsync(path, ct)) switch
        {
            true => Finding.Good($"{engine.Name} knows automated.enabled: a pause keeps prune and selfHeal in place"),
            false => Finding.Good($"{engine.Name} is older than Argo CD 3.1: a pause takes the automated block out and puts it back"),
            null => Finding.Problem($"Whether {engine.Name} knows automated.enabled cannot be read; a pause takes the whole automated block out", "Allow the bot to get the custom resource definition applications.argoproj.io (manifests/base, reads.yaml)."),
        };

    private async Task<IReadOnlyList<Finding>> ImpersonationAsync(ClusterApi cluster, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var user in rulebook.Policy.Roles.Select(role => role.KubernetesUser).Where(user => user.Length > 0).Distinct())
        {
            findings.Add(await MayAsync(cluster, new("impersonate", "", "users") { Name = user }, $"act as {user}", true, ApplyRbac, ct));
        }

        const string tooMuch = "Take it away: the bot must be able to act as the users of its roles only (chatops-acts-as).";
        findings.Add(await MayAsync(cluster, new("impersonate", "authentication.k8s.io", "userextras") { Subresource = "chatops-user" }, "name the person in the audit log", true, ApplyRbac, ct));
        findings.Add(await MayAsync(cluster, new("impersonate", "", "users"), "act as any user", false, tooMuch, ct));
        findings.Add(await MayAsync(cluster, new("impersonate", "", "groups") { Name = "system:masters" }, "act as group system:masters", false, tooMuch, ct));
        findings.Add(await MayAsync(cluster, new("impersonate", "", "serviceaccounts"), "act as any service account", false, tooMuch, ct));
        return findings;
    }

    private static async Task<Finding> MayAsync(ClusterApi cluster, AccessQuestion question, string what, bool should, string fix, CancellationToken ct) =>
        await AccessReviews.MayBotAsync(cluster, question, ct) switch
        {
            null => Finding.Problem($"Whether the bot may {what} on {cluster.Name} cannot be asked", "Its account needs system:basic-user, which every authenticated account has by default."),
            true => should ? Finding.Good($"The bot may {what} on {cluster.Name}") : Finding.Problem($"The bot may {what} on {cluster.Name}, and should not", fix),
            false => should ? Finding.Problem($"The bot may not {what} on {cluster.Name}", fix) : Finding.Good($"The bot may not {what} on {cluster.Name}"),
        };
}
