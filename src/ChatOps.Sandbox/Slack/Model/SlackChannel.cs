using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>A channel or a direct conversation, with everything ever posted in it.</summary>
public sealed class SlackChannel(string id, string name)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    public string Topic { get; init; } = "";

    public bool IsPrivate { get; init; }

    public bool IsIm { get; init; }

    public bool IsMpim { get; init; }

    public bool IsArchived { get; set; }

    /// <summary>Shared with another organisation (Slack Connect).</summary>
    public bool IsExternallyShared { get; set; }

    public HashSet<string> Members { get; } = [];

    /// <summary>Everything, deleted and ephemeral messages included; <c>slack.Channel(…)</c> tells what people see.</summary>
    public List<SlackMessage> Messages { get; } = [];

    public List<string> Pins { get; } = [];

    internal SlackMessage? Find(string ts) => Messages.Find(message => message.Ts == ts && !message.IsDeleted);

    internal JsonObject ToJson(string caller)
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["is_channel"] = !IsIm && !IsMpim && !IsPrivate,
            ["is_group"] = IsPrivate,
            ["is_im"] = IsIm,
            ["is_mpim"] = IsMpim,
            ["is_private"] = IsPrivate || IsIm || IsMpim,
            ["is_archived"] = IsArchived,
            ["is_ext_shared"] = IsExternallyShared,
            ["is_org_shared"] = false,
            ["is_shared"] = IsExternallyShared,
            ["context_team_id"] = SampleWorkspace.TeamId,
            ["is_member"] = Members.Contains(caller),
        };
        if (IsIm)
        {
            json["user"] = Members.FirstOrDefault(member => member != caller) ?? caller;
        }
        else
        {
            json["name"] = Name;
            json["name_normalized"] = Name;
            json["topic"] = new JsonObject { ["value"] = Topic };
            json["num_members"] = Members.Count;
        }

        return json;
    }
}
