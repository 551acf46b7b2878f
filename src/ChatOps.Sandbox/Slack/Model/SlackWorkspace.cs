using System.Security.Cryptography;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>The state of one workspace; everything that reads or writes it does so inside <see cref="Change{T}"/> or <see cref="Read{T}"/>.</summary>
internal sealed class SlackWorkspace(TimeProvider time, TimeSpan patience)
{
    private readonly Lock gate = new();
    private readonly SlackTimestamps timestamps = new(time);
    private int ids;

    public TimeProvider Time { get; } = time;

    public DateTimeOffset Now => Time.GetUtcNow();

    public Changes Changes { get; } = new();

    public Dictionary<string, SlackUser> Users { get; } = [];

    public Dictionary<string, SlackUserGroup> Groups { get; } = [];

    public Dictionary<string, SlackChannel> Channels { get; } = [];

    /// <summary>Open dialogs, the one on top last.</summary>
    public List<SlackView> Dialogs { get; } = [];

    /// <summary>Homes by user.</summary>
    public Dictionary<string, SlackView> Homes { get; } = [];

    public Triggers Triggers { get; } = new(time, patience);

    public ResponseUrls ResponseUrls { get; } = new(time);

    public T Change<T>(Func<T> change)
    {
        lock (gate)
        {
            try
            {
                return change();
            }
            finally
            {
                Changes.Announce();
            }
        }
    }

    public void Change(Action change) => Change(() =>
    {
        change();
        return 0;
    });

    public T Read<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    public void Add(SlackUser user) => Users[user.Id] = user;

    public void Add(SlackUserGroup group) => Groups[group.Id] = group;

    public void Add(SlackChannel channel, params ReadOnlySpan<string> members)
    {
        Channels[channel.Id] = channel;
        foreach (var member in members)
        {
            channel.Members.Add(member);
        }
    }

    public string NextTimestamp() => timestamps.Next();

    public string NextId(string prefix) => $"{prefix}0{++ids:X7}";

    public static string NextSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public SlackUser? FindUser(string idOrName) => Users.GetValueOrDefault(idOrName) ?? Users.Values.FirstOrDefault(user => user.Name == idOrName);

    public SlackChannel? FindChannel(string idOrName) =>
        Channels.GetValueOrDefault(idOrName) ?? Channels.Values.FirstOrDefault(channel => !channel.IsIm && channel.Name == idOrName.TrimStart('#'));

    /// <summary>The direct conversation among these people, opened when there is none yet.</summary>
    public SlackChannel Direct(params string[] members)
    {
        var open = Channels.Values.FirstOrDefault(channel => (channel.IsIm || channel.IsMpim) && channel.Members.SetEquals(members));
        if (open is null)
        {
            var isPair = members.Length <= 2;
            open = new SlackChannel(NextId(isPair ? "D" : "G"), isPair ? "directmessage" : "mpdm") { IsIm = isPair, IsMpim = !isPair };
            Add(open, members);
        }

        return open;
    }
}
