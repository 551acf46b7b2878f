using ChatOps.Core;
using ChatOps.Core.People;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Examinations;

/// <summary>What no single entry of <c>Identity:People</c> shows, and who people are by the file and by their addresses. Whether each account exists is asked of the chat system.</summary>
internal sealed class IdentityExamination(Register register, IEnumerable<IChatDirectory> directories, PeopleFile file, RecogniseByEmail byEmail, EmailRule email, bool hasAccounts)
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var platforms = directories.Select(directory => directory.Platform).ToHashSet();
        var mute = register.People.Where(person => !person.Accounts.Any(account => platforms.Contains(account.Platform))).ToList();
        var unnamed = register.People.Where(person => string.IsNullOrEmpty(person.KubernetesUser)).ToList();
        return
        [
            .. platforms.Count == 0
                ? [Finding.Problem("No chat system is configured, so nobody can ask for anything", "Add the section Slack (docs/install.md).")]
                : mute.Select(person => Finding.Problem($"{person.Name} has no account on {string.Join(" or ", platforms)}", "Add it in Identity:People, or remove the person: as it is, they can neither ask nor vote.")),
            Finding.Good($"{register.People.Count} people are mapped, each account once"),
            .. file.IsSet && file.Faults.Count == 0 ? [Finding.Good($"{file.Counting} of them by the mapping file")] : file.Faults.Select(fault => Finding.Problem($"the mapping file is not right, so a server that runs keeps its last good one, and one that starts has none: {fault.What}", fault.Fix)),
            .. email.IsOn ? await ByEmailAsync(unnamed, ct) : unnamed.Count > 0
                ? [Finding.Good($"Without KubernetesUser, and so under their own names in the audit log: {string.Join(", ", unnamed.Select(person => person.Name))}")]
                : Array.Empty<Finding>(),
        ];
    }

    private async Task<IReadOnlyList<Finding>> ByEmailAsync(List<Person> unnamed, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var person in unnamed)
        {
            var (known, refusal) = await byEmail.CompleteAsync(person, hasAccounts, ct);
            findings.Add(refusal is null && known.KubernetesUser is null
                ? Finding.Good($"{person.Name} has no name in the clusters, so access there is by an account of their own")
                : refusal is null
                ? Finding.Good($"{person.Name} is {known.KubernetesUser} in the clusters, by {Recognition.VerifiedEmail.InWords()}")
                : Finding.Problem(refusal.Why.ToString(), refusal.Instead.ToString()));
        }

        return findings;
    }
}
