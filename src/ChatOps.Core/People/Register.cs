namespace ChatOps.Core.People;

/// <summary>Everybody the configuration maps. An account that two people claim belongs to nobody.</summary>
public sealed class Register
{
    private readonly Dictionary<string, Person> byName;
    private readonly Dictionary<ChatAccount, Person?> byAccount = [];

    public Register(IEnumerable<Person> people)
    {
        byName = people.ToDictionary(person => person.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var person in byName.Values)
        {
            foreach (var account in person.Accounts)
            {
                byAccount[account] = byAccount.ContainsKey(account) ? null : person;
            }
        }
    }

    public IReadOnlyCollection<Person> People => byName.Values;

    public Person? Find(ChatAccount account) => byAccount.GetValueOrDefault(account);

    public Person? Find(string name) => byName.GetValueOrDefault(name);
}
