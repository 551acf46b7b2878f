using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Server.Configuration;

/// <summary>Section <c>Channels</c>: where something about an application is said while no incident has it in scope.</summary>
public sealed class ChannelOptions
{
    /// <summary>Globs over the name, or over <c>instance/namespace/name</c>.</summary>
    public List<string> Applications { get; init; } = [];

    /// <summary>Id of a Slack channel that the bot is a member of.</summary>
    public string Slack { get; init; } = "";

    public static IEnumerable<Finding> Faults(IReadOnlyList<ChannelOptions> channels)
    {
        foreach (var (index, channel) in channels.Index())
        {
            if (channel.Applications.Count == 0)
            {
                yield return Finding.Problem($"Channels:{index}:Applications is empty, so that nothing is said there", "Name applications, or \"*\" for all.");
            }

            if (channel.Slack is not (['C' or 'G', _, _, ..] and var id) || !id.All(char.IsAsciiLetterOrDigit))
            {
                yield return Finding.Problem($"Channels:{index}:Slack “{channel.Slack}” is not the id of a channel", "In Slack, open the channel's details and copy the id at the end, like C012AB3C4.");
            }
        }
    }

    /// <param name="slackHome">The workspace whose channels they are.</param>
    public static ApplicationChannels ToChannels(IEnumerable<ChannelOptions> channels, string slackHome) =>
        new([.. channels.Select(one => new ApplicationChannel(one.Applications, new Channel(ChatPlatform.Slack, slackHome, one.Slack)))]);
}
