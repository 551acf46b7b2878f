using ChatOps.Core.People;

namespace ChatOps.Core.Policy;

/// <summary>Section <c>Policy</c> of the configuration, as written. The rulebook is what it means.</summary>
public sealed class PolicyConfiguration
{
    /// <summary>Shown on every plan and stored with every operation; change it with every edit.</summary>
    public string Version { get; set; } = "";

    /// <summary>Who somebody can be.</summary>
    public List<RoleConfiguration> Roles { get; init; } = [];

    /// <summary>The first that fits decides; what none fits, nobody may do.</summary>
    public List<RuleConfiguration> Rules { get; init; } = [];

    /// <summary>How long before a deadline its owner is asked; a sixth of its whole time when that is shorter.</summary>
    public TimeSpan NoticeBeforeEnd { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a passed deadline is brought up again, each time to more people.</summary>
    public TimeSpan EscalateEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Roles that a passed deadline goes to, one more each time, after the owner, the operator and the commander.</summary>
    public List<string> EscalateTo { get; init; } = [];

    /// <summary>Within what time a change must be in Git; said in the policy and measured against.</summary>
    public TimeSpan BackportWithin { get; set; } = TimeSpan.FromHours(24);

    /// <summary>What access can be given at all.</summary>
    public BreakGlassConfiguration BreakGlass { get; init; } = new();

    /// <summary>Null when the policy knows no such role, or two of that name: then nobody holds it.</summary>
    public RoleConfiguration? Role(string name)
    {
        var named = Roles.Where(role => role.Name.Length > 0 && role.Name == name).Take(2).ToList();
        return named.Count == 1 ? named[0] : null;
    }
}

/// <summary>Who somebody is to the policy, and the one Kubernetes user that acts for them.</summary>
public sealed class RoleConfiguration
{
    /// <summary>How rules name it.</summary>
    public string Name { get; set; } = "";

    /// <summary>One per role and scope; starts with <c>chatops:</c>. Empty for roles that only approve.</summary>
    public string KubernetesUser { get; set; } = "";

    /// <summary>Names from <c>Identity:People</c>, or chat user ids.</summary>
    public List<string> Users { get; init; } = [];

    /// <summary>Ids of chat user groups.</summary>
    public List<string> Groups { get; init; } = [];
}

/// <summary>Who may do what, where, for how long, with whose approval. Globs: <c>*</c> and <c>?</c>. The first rule that fits decides.</summary>
public sealed class RuleConfiguration
{
    /// <summary>Shown on every card it decided about.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whoever holds one of them may ask.</summary>
    public List<string> Roles { get; init; } = [];

    /// <summary>Verbs of the command language, such as pause, resume and own. <c>pause</c> covers its extensions. <c>sync … only</c> has a verb of its own, <c>sync-only</c>: a rule with <c>sync</c> alone refuses it.</summary>
    public List<string> Verbs { get; init; } = [];

    /// <summary>For the verbs grant and grant-cluster: names from <c>BreakGlass:Roles</c>. Empty: none.</summary>
    public List<string> Access { get; init; } = [];

    /// <summary>Globs over the name. Empty: none.</summary>
    public List<string> Applications { get; init; } = [];

    /// <summary>Globs over the Argo CD project. Empty: none.</summary>
    public List<string> Projects { get; init; } = [];

    /// <summary>Globs over the namespace that it deploys to. Empty: none.</summary>
    public List<string> Namespaces { get; init; } = [];

    /// <summary>Globs over the cluster that it deploys to. Empty: none.</summary>
    public List<string> Clusters { get; init; } = [];

    /// <summary>Counted from the first start, extensions included.</summary>
    public TimeSpan LongestDuration { get; set; }

    /// <summary>Who has to agree. Left out: see <see cref="WithoutApproval"/>.</summary>
    public ApprovalConfiguration? Approvals { get; set; }

    /// <summary>
    /// Must be said for an override that nobody approves: <c>"Approvals": {}</c> and a misspelt <c>Approvals</c> both
    /// arrive here as null, which must not mean consent.
    /// </summary>
    public bool WithoutApproval { get; set; }

    /// <summary>When the requester may approve alone. Left out: never.</summary>
    public EmergencyConfiguration? EmergencySelfApproval { get; set; }

    /// <summary>By what people have to be known to ask and to vote under this rule: <c>Configured</c> (<c>Identity:People</c>) is the strongest, then <c>MappingFile</c>, then <c>VerifiedEmail</c>. Left out: by any that is set up.</summary>
    public Recognition KnownByAtLeast { get; set; }

    /// <summary>Escalate asks more and more people; Resume puts back what was there.</summary>
    public AtDeadline AtDeadline { get; set; } = AtDeadline.Escalate;

    /// <summary>What the end of an override needs that would overwrite changes by hand or deploy something else than what was rolled back to: <c>SecondPress</c> of whoever was shown them, the <c>Approval</c> of somebody else, or <c>InGit</c>: Git says the same.</summary>
    public OverwritingNeeds OverwritingNeeds { get; set; }

    /// <summary>For <c>Approval</c>: whoever holds it may agree. Left out: the role that approves the override.</summary>
    public string OverwritingFrom { get; set; } = "";

    /// <summary>
    /// Whether a pause or rollback under this rule may edit an ApplicationSet that would take it back: one entry for the application
    /// among <c>ignoreApplicationDifferences</c>, for that time. Left out: no; a deny window holds it instead.
    /// </summary>
    public bool MayAddIgnoreApplicationDifferences { get; set; }

    internal string OverwritingApprover => OverwritingFrom.Length > 0 ? OverwritingFrom : Approvals?.FromRole ?? "";
}

/// <summary>Who has to approve, and how long they may take.</summary>
public sealed class ApprovalConfiguration
{
    /// <summary>How many people have to agree.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Whoever holds it may agree, the requester never.</summary>
    public string FromRole { get; set; } = "";

    /// <summary>After that it expires, and nothing was done.</summary>
    public TimeSpan RequestLives { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Who is asked, and may then approve too, when nobody answered.</summary>
    public List<AskNextConfiguration> AskNext { get; init; } = [];
}

/// <summary>A role that is asked when nobody answered.</summary>
public sealed class AskNextConfiguration
{
    /// <summary>Who is asked.</summary>
    public string Role { get; set; } = "";

    /// <summary>Counted from the request.</summary>
    public TimeSpan After { get; set; }
}

/// <summary>When the requester may approve alone, and for how long.</summary>
public sealed class EmergencyConfiguration
{
    /// <summary>Counted from the confirmed delivery of the question to an eligible approver.</summary>
    public TimeSpan AfterSilence { get; set; }

    /// <summary>Shorter than the rule's own.</summary>
    public TimeSpan LongestDuration { get; set; }
}

/// <summary>What happens at the deadline of an override.</summary>
public enum AtDeadline
{
    /// <summary>Ask, and ask more people, until somebody decides.</summary>
    Escalate,

    Resume,
}
