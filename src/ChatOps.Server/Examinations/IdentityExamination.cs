using ChatOps.Core;
using ChatOps.Core.People;

namespace ChatOps.Server.Examinations;

/// <summary>What no single entry of <c>Identity:People</c> shows. Whether each account exists is asked of the chat system.</summary>
internal sealed class IdentityExamination(Register register, IEnumerable<IChatDirectory> directories)
{
    public IReadOnlyList<Finding> Look()
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
            .. unnamed.Count > 0
                ? [Finding.Good($"Without KubernetesUser, and so under their own names in the audit log: {string.Join(", ", unnamed.Select(person => person.Name))}")]
                : Array.Empty<Finding>(),
        ];
    }
}
