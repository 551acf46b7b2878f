using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Api;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Refusals;

/// <summary>A call by what it is for: what can be refused apart from the others.</summary>
public static class Kind
{
    public static string Of(ApiCall call) => call.Method switch
    {
        "chat.postMessage" => $"{call.Method} {Place(call, isReply: call.Text("thread_ts") is not null)}",
        "chat.update" => $"{call.Method} {Place(call, isReply: !IsCard(call))}",
        "conversations.history" => $"{call.Method} {Place(call, isReply: false)}",
        "users.info" => $"{call.Method} {Name(call.Text("user"))}",
        _ => call.Method,
    };

    public static string Of(SeenRequest request)
    {
        var path = request.Path.Trim('/').Split('/');
        return path switch
        {
            ["openapi", ..] => "get openapi",
            ["api", _] or ["apis", "apps", _] => "get kinds",
            [.., "services" or "deployments" or "configmaps"] when request.Verb == "watch" => "watch live objects",
            [.., "services" or "deployments", _] => "get live objects",
            [.., "configmaps", not "argocd-cm"] => "get live objects",
            [.., "applications" or "configmaps", _] => $"{request.Verb} {path[^2]}/{path[^1]}",
            [.., _, _] when request.Verb == "get" => $"get {path[^2]}",
            _ => $"{request.Verb} {path[^1]}",
        };
    }

    private static string Place(ApiCall call, bool isReply) => call.Text("channel")?.StartsWith('C') != true ? "with a person" : isReply ? "in thread" : "in channel";

    /// <summary>The incident's own card is the one message that is edited in the channel itself.</summary>
    private static bool IsCard(ApiCall call) => call.Text("text")?.StartsWith("Incident ", StringComparison.Ordinal) == true;

    private static string Name(string? user) => user switch
    {
        SampleWorkspace.Alice => "alice",
        SampleWorkspace.Bob => "bob",
        SampleWorkspace.Carol => "carol",
        _ => user ?? "",
    };
}
