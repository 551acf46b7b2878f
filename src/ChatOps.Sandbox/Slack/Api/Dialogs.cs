using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Blocks;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Each person's stack of dialogs: three at most, the top one visible.</summary>
internal sealed class Dialogs(SlackWorkspace workspace, Posts posts)
{
    public SlackView? Top(string user) => workspace.Dialogs.FindLast(view => view.User == user);

    /// <summary>A new stack; whatever was open before is gone.</summary>
    public SlackView Open(string user, JsonObject content)
    {
        Clear(user);
        var view = Create(user, content, previous: null);
        workspace.Dialogs.Add(view);
        return view;
    }

    /// <summary>Null when three are open already.</summary>
    public SlackView? Push(string user, JsonObject content)
    {
        if (workspace.Dialogs.Count(view => view.User == user) >= ViewRules.MostStacked)
        {
            return null;
        }

        var view = Create(user, content, Top(user));
        workspace.Dialogs.Add(view);
        return view;
    }

    public void Replace(SlackView view, JsonObject content)
    {
        view.Content = WithIds(content);
        view.Hash = NextHash();
        view.Errors.Clear();
    }

    public void Clear(string user) => workspace.Dialogs.RemoveAll(view => view.User == user);

    public void Close(SlackView view) => workspace.Dialogs.Remove(view);

    public SlackView Create(string user, JsonObject content, SlackView? previous)
    {
        var id = workspace.NextId("V");
        return new SlackView(id, user, WithIds(content)) { Hash = NextHash(), RootId = previous?.RootId ?? id, PreviousId = previous?.Id };
    }

    private JsonObject WithIds(JsonObject content)
    {
        posts.Complaints.AddRange(ControlSequences.MrkdwnIn(content).SelectMany(ControlSequences.Complaints));
        Posting.WithIds(content["blocks"] as JsonArray, () => workspace.NextId("b"));
        return content;
    }

    private string NextHash() => $"{workspace.Now.ToUnixTimeSeconds()}.{workspace.NextId("h")}";
}
