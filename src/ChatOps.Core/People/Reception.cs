using ChatOps.Core.Conversation;

namespace ChatOps.Core.People;

/// <summary>A person who may speak, on the account they used, in their own time zone.</summary>
public sealed record Speaker(Person Person, ChatAccount Account, string? TimeZone);

/// <summary>
/// Decides who somebody is. An account that is not mapped to exactly one person, a bot, a guest, a foreign or a
/// deactivated account is nobody; there is no weaker way to be recognised.
/// </summary>
public sealed class Reception(Register register, IEnumerable<IChatDirectory> directories)
{
    public async Task<(Speaker? Speaker, Refusal? Refusal)> AdmitAsync(ChatAccount account, CancellationToken ct)
    {
        var directory = directories.FirstOrDefault(one => one.Platform == account.Platform);
        if (directory is null)
        {
            return (null, new Refusal(RefusalKind.UnknownPerson, Text.Of($"{account.Platform.ToString()} is not set up here.")));
        }

        ChatProfile? profile;
        try
        {
            profile = await directory.FindAsync(account, fresh: false, ct);
        }
        catch (ChatUnavailableException)
        {
            return (null, new Refusal(RefusalKind.ChatSilent, "I cannot look up who you are at the moment, so I did nothing.") { Instead = "Try again in a minute." });
        }

        if (profile is null || profile.IsBot || profile.IsGuest || profile.IsForeign || profile.IsDeactivated)
        {
            return (null, new Refusal(RefusalKind.UnknownPerson, "Only members of this workspace command me: no bots, guests or people from elsewhere."));
        }

        if (register.Find(account) is not { } person)
        {
            return (null, new Refusal(RefusalKind.UnknownPerson, Text.Of($"Your account {account.UserId:code} belongs to nobody in my configuration, or to more than one person."))
            {
                Instead = Text.Of($"Ask the platform team to map it once under {"Identity:People":code}."),
            });
        }

        return (new Speaker(person, account, person.TimeZone ?? profile.TimeZone), null);
    }

    /// <summary>The person that a command names, by id of the platform or by configured name.</summary>
    public (Person? Person, Refusal? Refusal) Find(Commands.PersonMention mention, ChatAccount speaker)
    {
        var person = register.Find(new ChatAccount(speaker.Platform, speaker.Tenant, mention.IdOrName)) ?? register.Find(mention.IdOrName);
        return person is not null
            ? (person, null)
            : (null, new Refusal(RefusalKind.NotFound, Text.Of($"I do not know {"@" + mention.IdOrName:code}."))
            {
                Instead = Text.Of($"People are mapped under {"Identity:People":code}; mention them, or use their configured name."),
            });
    }

    /// <summary>How to address somebody in a text for one platform: a mention where they have an account there.</summary>
    public Run Address(string? name, ChatPlatform platform) => name is null
        ? new Run.Plain("nobody")
        : register.Find(name)?.AccountOn(platform) is { } account ? new Run.Mention(account) : new Run.Plain(register.Find(name)?.DisplayName ?? name);

    /// <summary>Their name without waking them up.</summary>
    public string NameOf(string? name) => name is null ? "nobody" : register.Find(name)?.DisplayName ?? name;

    /// <summary>Whose account that is.</summary>
    public Person? PersonOf(ChatAccount account) => register.Find(account);

    public ChatAccount? AccountOf(string name, ChatPlatform platform) => register.Find(name)?.AccountOn(platform);
}
