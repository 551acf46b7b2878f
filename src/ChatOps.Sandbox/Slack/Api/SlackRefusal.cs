using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Ends a Web API call with <c>"ok": false</c>. Thrown from any depth, as the wire knows one shape of "no".</summary>
internal sealed class SlackRefusal(string error, params IReadOnlyList<string> messages) : Exception(error)
{
    public string Error { get; } = error;

    public (string Needed, string Provided)? Scopes { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["ok"] = false, ["error"] = Error };
        if (Scopes is { } scopes)
        {
            json["needed"] = scopes.Needed;
            json["provided"] = scopes.Provided;
        }

        if (messages.Count > 0)
        {
            json["response_metadata"] = new JsonObject { ["messages"] = new JsonArray([.. messages.Select(message => JsonValue.Create(message))]) };
        }

        return json;
    }
}
