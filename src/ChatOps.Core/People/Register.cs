namespace ChatOps.Core.People;

/// <summary>
/// Everybody who is mapped, as of now: the mapping file may change while the program runs, and then all of it counts or
/// nothing. An account that two people claim belongs to nobody.
/// </summary>
public sealed class Register
{
    private volatile Everybody everybody;

    public Register(IEnumerable<Person> people) => everybody = new(people);

    public IReadOnlyCollection<Person> People => everybody.ByName.Values;

    public Person? Find(ChatAccount account) => everybody.ByAccount.GetValueOrDefault(account);

    public Person? Find(string name) => everybody.ByName.GetValueOrDefault(name);

    /// <summary>From here on these are all; who is not among them is nobody any more.</summary>
    public void Replace(IEnumerable<Person> people) => everybody = new(people);

    private sealed class Everybody
    {
        public Everybody(IEnumerable<Person> people)
        {
            ByName = people.ToDictionary(person => person.Name, StringComparer.OrdinalIgnoreCase);
            foreach (var person in ByName.Values)
            {
                foreach (var account in person.Accounts)
                {
                    ByAccount[account] = ByAccount.ContainsKey(account) ? null : person;
                }
            }
        }

        public Dictionary<string, Person> ByName { get; }

        public Dictionary<ChatAccount, Person?> ByAccount { get; } = [];
    }
}
