using ChatOps.Core.Alerts;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Alerts;

internal static class SomeAlert
{
    public static AlertNotice Fires(string name = "Errors", string about = "shop-a", string severity = "critical", DateTimeOffset? since = null) => new(
        Fingerprint(name, about), AlertState.Firing, since ?? Some.Now, null,
        new Dictionary<string, string> { ["alertname"] = name, ["application"] = about, ["severity"] = severity }, "customers get 500", null);

    public static AlertNotice IsOver(AlertNotice firing, DateTimeOffset at) => firing with { State = AlertState.Resolved, EndsAt = at };

    private static string Fingerprint(string name, string about) => $"{name}/{about}";
}
