using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>
/// Who holds which role at this moment, by what the policy names and what the chat systems say of it. An account that the
/// chat system calls a bot, a guest, foreign or deactivated holds nothing; somebody deactivated anywhere holds nothing
/// anywhere. A role of which something cannot be read is not held; <see cref="StandingAsync"/> tells which those are, the
/// others throw <see cref="ChatUnavailableException"/>.
/// </summary>
public sealed class RoleMembership(Register register, PolicyConfiguration policy, IEnumerable<IChatDirectory> directories)
{
    private readonly IReadOnlyList<IChatDirectory> directories = [.. directories];

    public async Task<IReadOnlySet<string>> RolesOfAsync(Person person, bool fresh, CancellationToken ct)
    {
        var standing = await StandingAsync(person, fresh, ct);
        return standing.Unread is { } unread ? throw unread : standing.Held;
    }

    /// <summary>One user group that cannot be read is no reason to doubt roles that do not depend on it. Throws when the person cannot be looked up.</summary>
    public async Task<Standing> StandingAsync(Person person, bool fresh, CancellationToken ct)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        var perhaps = new HashSet<string>(StringComparer.Ordinal);
        var unread = (ChatUnavailableException?)null;
        var accounts = await AccountsInGoodStandingAsync(person, fresh, ct);
        var silent = new Dictionary<(ChatPlatform, string), ChatUnavailableException>();
        foreach (var role in policy.Roles.Where(role => policy.Role(role.Name) is not null))
        {
            try
            {
                if (await HoldsAsync(person, accounts, role, fresh, silent, ct))
                {
                    held.Add(role.Name);
                    perhaps.Add(role.Name);
                }
            }
            catch (ChatUnavailableException unavailable)
            {
                perhaps.Add(role.Name);
                unread = unavailable;
            }
        }

        return new(held, perhaps, unread);
    }

    /// <summary>Everybody who holds it, for display; a vote is checked again with <see cref="RolesOfAsync"/>.</summary>
    public async Task<IReadOnlyList<Person>> HoldersAsync(string role, CancellationToken ct)
    {
        var holders = await KnownHoldersAsync(role, ct);
        return holders.Unread is { } unread ? throw unread : holders.People;
    }

    /// <summary>For asking: who certainly holds it, also while somebody else cannot be read.</summary>
    public async Task<Holders> KnownHoldersAsync(string role, CancellationToken ct)
    {
        var holders = new List<Person>();
        var unread = (ChatUnavailableException?)null;
        if (policy.Role(role) is not { } wanted)
        {
            return new(holders, null);
        }

        var silent = new Dictionary<(ChatPlatform, string), ChatUnavailableException>();
        foreach (var person in register.People)
        {
            try
            {
                // Groups first: asking for each person's profile costs a call, and most people do not hold the role.
                if (await HoldsAsync(person, person.Accounts, wanted, fresh: false, silent, ct)
                    && await HoldsAsync(person, await AccountsInGoodStandingAsync(person, fresh: false, ct), wanted, fresh: false, silent, ct))
                {
                    holders.Add(person);
                }
            }
            catch (ChatUnavailableException unavailable)
            {
                unread = unavailable;
            }
        }

        return new(holders, unread);
    }

    /// <summary>Names by role, for <see cref="PolicyCheck"/>.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> HoldersByRoleAsync(CancellationToken ct)
    {
        var byRole = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var role in policy.Roles)
        {
            byRole[role.Name] = [.. (await HoldersAsync(role.Name, ct)).Select(person => person.Name)];
        }

        return byRole;
    }

    /// <param name="silent">Groups that did not answer in this decision: each is waited for once, and not for each person and role again.</param>
    private async Task<bool> HoldsAsync(
        Person person, IReadOnlyList<ChatAccount> accounts, RoleConfiguration role, bool fresh, Dictionary<(ChatPlatform, string), ChatUnavailableException> silent, CancellationToken ct)
    {
        if (accounts.Count == 0)
        {
            return false;
        }

        if (role.Users.Exists(user => string.Equals(user, person.Name, StringComparison.OrdinalIgnoreCase) || accounts.Any(account => account.UserId == user)))
        {
            return true;
        }

        var unread = (ChatUnavailableException?)null;
        foreach (var directory in directories.Where(directory => accounts.Any(account => account.Platform == directory.Platform)))
        {
            foreach (var group in role.Groups)
            {
                if (silent.TryGetValue((directory.Platform, group), out var before))
                {
                    unread = before;
                    continue;
                }

                try
                {
                    var members = await directory.MembersAsync(group, fresh, ct);
                    if (members is not null && accounts.Any(account => account.Platform == directory.Platform && members.Contains(account.UserId)))
                    {
                        return true;
                    }
                }
                catch (ChatUnavailableException unavailable)
                {
                    unread = silent[(directory.Platform, group)] = unavailable; // the next group may say yes; a no needs all of them
                }
            }
        }

        return unread is null ? false : throw unread;
    }

    private async Task<IReadOnlyList<ChatAccount>> AccountsInGoodStandingAsync(Person person, bool fresh, CancellationToken ct)
    {
        var good = new List<ChatAccount>();

        // An account that two people claim belongs to nobody, so the register is asked rather than the person believed.
        foreach (var account in person.Accounts.Where(account => register.Find(account)?.Name == person.Name))
        {
            var directory = directories.FirstOrDefault(directory => directory.Platform == account.Platform);
            var profile = directory is null ? null : await directory.FindAsync(account, fresh, ct);
            if (profile is { IsDeactivated: true })
            {
                return [];
            }

            if (profile is { IsBot: false, IsGuest: false, IsForeign: false })
            {
                good.Add(account);
            }
        }

        return good;
    }
}

/// <summary>Who certainly holds a role, and why there may be more; null when everybody could be read.</summary>
public sealed record Holders(IReadOnlyList<Person> People, ChatUnavailableException? Unread);

/// <summary>The roles that somebody certainly holds, those with the ones that cannot be read at the moment, and why not; null when all could be read.</summary>
public sealed record Standing(IReadOnlySet<string> Held, IReadOnlySet<string> Perhaps, ChatUnavailableException? Unread);
