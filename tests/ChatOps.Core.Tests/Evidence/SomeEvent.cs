using System.Globalization;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>Audit events of cluster prod, each of a request of its own.</summary>
internal static class SomeEvent
{
    private static int requests;

    public static AuditNotice Patch(DateTimeOffset at, string user = "alice@example.org", string name = "checkout", string ns = "shop", string field = "/spec/replicas = 3") =>
        Of(at, user, "patch", new("apps", "deployments", null, ns, name), field);

    public static AuditNotice Create(DateTimeOffset at, string group, string resource, string name, string? ns = "shop", string user = "alice@example.org") =>
        Of(at, user, "create", new(group, resource, null, ns, name));

    public static AuditNotice Exec(DateTimeOffset at, string user = "alice@example.org") =>
        Of(at, user, "create", new("", "pods", "exec", "shop", "checkout-1")) with { Stage = AuditStage.Began, Code = 101 };

    public static AuditNotice Closed(AuditNotice stream, DateTimeOffset at) => stream with { Stage = AuditStage.Complete, StageAt = at };

    public static AuditNotice Given(Grant grant, DateTimeOffset at) => Of(at, "bot", "create", Binding(grant)) with { As = "chatops:grants" };

    public static AuditNotice Ended(Grant grant, DateTimeOffset at) => Of(at, "bot", "delete", Binding(grant)) with { As = "chatops:grants" };

    private static DeedObject Binding(Grant grant) => new("rbac.authorization.k8s.io", "rolebindings", null, "shop", grant.ObjectName);

    private static AuditNotice Of(DateTimeOffset at, string user, string verb, DeedObject target, params string[] fields) =>
        new($"r{(++requests).ToString(CultureInfo.InvariantCulture)}", AuditStage.Complete, at, at, user, null, verb, target, 200, false, fields);
}
