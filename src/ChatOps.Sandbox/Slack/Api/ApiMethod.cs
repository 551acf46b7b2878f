using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>One Web API method: the scope it needs, how often a minute, whether it reads JSON bodies, and what it does.</summary>
internal sealed record ApiMethod(string Name, string Scope, int PerMinute, Func<ApiArguments, JsonObject> Answer)
{
    /// <summary>Read methods take forms and queries only; a JSON body is ignored as if nothing had been sent.</summary>
    public bool ReadsJson { get; init; }

    /// <summary>Called with the app-level token instead of the bot's.</summary>
    public bool ForApps { get; init; }
}
