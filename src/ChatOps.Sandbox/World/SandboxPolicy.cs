using System.Text;

namespace ChatOps.Sandbox.World;

/// <summary>Who is who in the sandbox, and what its policy lets them do; read as the product reads its own file.</summary>
public static class SandboxPolicy
{
    private const string Json = """
        {
          "Identity": { "People": [
            { "Name": "alice", "DisplayName": "Alice Adler", "Slack": { "Team": "T0SANDBOX", "User": "U0ALICE" }, "KubernetesUser": "alice@example.com", "ArgoCdUser": "alice@example.com" },
            { "Name": "bob", "DisplayName": "Bob Brown", "Slack": { "Team": "T0SANDBOX", "User": "U0BOB" }, "KubernetesUser": "bob@example.com", "ArgoCdUser": "bob@example.com" },
            { "Name": "carol", "DisplayName": "Carol Chiba", "Slack": { "Team": "T0SANDBOX", "User": "U0CAROL" }, "KubernetesUser": "carol@example.com", "ArgoCdUser": "carol@example.com" }
          ] },
          "Policy": {
            "Version": "sandbox-1",
            "EscalateTo": [ "commander" ],
            "Roles": [
              { "Name": "on-call", "KubernetesUser": "chatops:on-call", "Groups": [ "S0ONCALL" ] },
              { "Name": "commander", "KubernetesUser": "chatops:commander", "Groups": [ "S0COMMANDERS" ] }
            ],
            "BreakGlass": {
              "WithoutAdmissionPolicy": true,
              "Roles": [
                { "Name": "editor", "ClusterRole": "chatops-breakglass-editor" },
                { "Name": "viewer", "ClusterRole": "chatops-breakglass-viewer" },
                { "Name": "deployer", "ArgoCdActions": [ "get", "sync", "logs", "action/apps/Deployment/restart" ] },
                { "Name": "node-viewer", "ClusterRole": "chatops-breakglass-cluster-viewer", "ClusterWide": true }
              ],
              "Namespaces": [ { "Cluster": "shop", "Names": [ "shop" ] } ],
              "ClusterWideIn": [ "shop" ]
            },
            "Rules": [
              { "Name": "access-to-the-shop", "Roles": [ "on-call", "commander" ], "Verbs": [ "grant" ], "Access": [ "editor", "viewer", "deployer" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "shop" ], "Clusters": [ "shop" ],
                "LongestDuration": "02:00:00",
                "Approvals": { "Count": 1, "FromRole": "commander", "RequestLives": "00:30:00" } },
              { "Name": "access-to-nodes", "Roles": [ "on-call", "commander" ], "Verbs": [ "grant-cluster" ], "Access": [ "node-viewer" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "shop" ],
                "LongestDuration": "01:00:00",
                "Approvals": { "Count": 1, "FromRole": "commander", "RequestLives": "00:30:00" } },
              { "Name": "commanders-revoke", "Roles": [ "commander" ], "Verbs": [ "revoke" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ] },
              { "Name": "pause-shop", "Roles": [ "on-call", "commander" ], "Verbs": [ "pause", "rollback", "branch" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ],
                "LongestDuration": "02:00:00",
                "Approvals": { "Count": 1, "FromRole": "commander", "RequestLives": "00:30:00" },
                "EmergencySelfApproval": { "AfterSilence": "00:05:00", "LongestDuration": "00:30:00" } },
              { "Name": "follow-a-branch", "Roles": [ "on-call", "commander" ], "Verbs": [ "branch-follow" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ],
                "LongestDuration": "01:00:00",
                "Approvals": { "Count": 1, "FromRole": "commander", "RequestLives": "00:30:00" } },
              { "Name": "act", "Roles": [ "on-call", "commander" ], "Verbs": [ "refresh", "sync", "sync-only", "terminate" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ],
                "WithoutApproval": true },
              { "Name": "act-hard", "Roles": [ "on-call", "commander" ], "Verbs": [ "sync-at", "sync-prune", "sync-force" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ],
                "Approvals": { "Count": 1, "FromRole": "commander", "RequestLives": "00:30:00" } },
              { "Name": "resume-and-own", "Roles": [ "on-call", "commander" ], "Verbs": [ "resume", "own" ],
                "Applications": [ "*" ], "Projects": [ "*" ], "Namespaces": [ "*" ], "Clusters": [ "*" ] }
            ]
          }
        }
        """;

    /// <summary>As configuration keys: <c>Policy:Rules:0:Name</c>.</summary>
    public static IReadOnlyDictionary<string, string?> Settings { get; } = Read();

    private static Dictionary<string, string?> Read()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Json));
        return new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable().Where(pair => pair.Value is not null).ToDictionary();
    }
}
