using ChatOps.Core.Conversation;

namespace ChatOps.Core.People;

/// <summary>
/// Who somebody is in the clusters when nobody wrote it down: by the e-mail address that the chat system confirmed, where
/// that is switched on. Whose account it is stays a matter of the register: an address can be changed by whoever has it.
/// </summary>
public sealed class RecogniseByEmail(Register register, IEnumerable<IChatDirectory> directories, EmailRule rule)
{
    private readonly IReadOnlyList<IChatDirectory> directories = [.. directories];

    /// <summary>The person with their name in the clusters, asked afresh; as they were where it is written down, or this is off.</summary>
    public Task<(Person Person, Refusal? Refusal)> CompleteAsync(Person person, CancellationToken ct) => CompleteAsync(person, mayHaveNone: false, ct);

    /// <param name="mayHaveNone">Whom no address gives a name is known as they are, because access needs none. Two names, another's name and no answer are refused all the same: then they have one, and which is not known.</param>
    public async Task<(Person Person, Refusal? Refusal)> CompleteAsync(Person person, bool mayHaveNone, CancellationToken ct)
    {
        if (!rule.IsOn || !string.IsNullOrEmpty(person.KubernetesUser))
        {
            return (person, null);
        }

        try
        {
            var users = await UsersOfAsync(person, fresh: true, ct);
            return users.Count == 0 && mayHaveNone ? (person, null)
                : users.Count != 1 ? (person, None(person, users))
                : await AlsoOfAsync(users[0], person, ct) is { } other ? (person, Shared(person, other))
                : (person with { KubernetesUser = users[0], KnownBy = Recognition.VerifiedEmail }, null);
        }
        catch (ChatUnavailableException)
        {
            return (person, new Refusal(RefusalKind.ChatSilent, Text.Of($"I cannot look up the e-mail address of {person.DisplayName} at the moment, so I do not know who that is in the clusters.")) { Instead = "Try again in a minute." });
        }
    }

    private async Task<IReadOnlyList<string>> UsersOfAsync(Person person, bool fresh, CancellationToken ct)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var account in person.Accounts.Where(account => register.Find(account)?.Name == person.Name))
        {
            if (directories.FirstOrDefault(directory => directory.Platform == account.Platform) is { } directory
                && await directory.FindAsync(account, fresh, ct) is { IsBot: false, IsGuest: false, IsForeign: false, IsDeactivated: false, ConfirmedEmail: { } email }
                && rule.UserOf(email) is { } user)
            {
                users.Add(user);
            }
        }

        return [.. users];
    }

    /// <summary>Somebody else with the same name there. One workspace gives an address once, so only people elsewhere are asked about.</summary>
    private async Task<Person?> AlsoOfAsync(string user, Person person, CancellationToken ct)
    {
        foreach (var other in register.People.Where(other => other.Name != person.Name))
        {
            if (other.KubernetesUser == user || string.IsNullOrEmpty(other.KubernetesUser) && other.Accounts.Any(IsElsewhere) && (await UsersOfAsync(other, fresh: false, ct)).Contains(user))
            {
                return other;
            }
        }

        return null;

        bool IsElsewhere(ChatAccount account) => !person.Accounts.Any(own => own.Platform == account.Platform && own.Tenant == account.Tenant);
    }

    private Refusal None(Person person, IReadOnlyList<string> users) => new(RefusalKind.UnknownPerson, users.Count == 0
        ? Text.Of($"I do not know who {person.DisplayName} is in the clusters: nobody wrote it down, and their chat account has no confirmed e-mail address of {string.Join(" or ", rule.Domains):code}.")
        : Text.Of($"By their e-mail addresses {person.DisplayName} would be {string.Join(" and ", users):code} in the clusters, and I do not guess."))
    {
        Instead = Fix(person),
    };

    private static Refusal Shared(Person person, Person other) =>
        new(RefusalKind.UnknownPerson, Text.Of($"By their e-mail address {person.DisplayName} would be the same user in the clusters as {other.DisplayName}.")) { Instead = Fix(person) };

    private static Text Fix(Person person) => Text.Of($"Let the platform team set {"KubernetesUser":code} of {person.Name} in {"Identity:People":code}, once and to nobody else.");
}
