namespace ChatOps.Core.Commands;

/// <summary>One verb that is built: the single table from which help, README and the chat manifests come.</summary>
/// <param name="Program">The slash command it belongs to, without the slash.</param>
/// <param name="Usage">What follows the name; empty when nothing does.</param>
/// <param name="Does">One sentence without a full stop.</param>
public sealed record Verb(string Program, string Name, string Usage, string Does, string Example)
{
    public const string Incident = "incident";
    public const string GitOps = "gitops";
    public const string BreakGlass = "breakglass";

    public static IReadOnlyList<string> Programs { get; } = [Incident, GitOps, BreakGlass];

    public static IReadOnlyList<Verb> All { get; } =
    [
        new(Incident, "declare", "\"<title>\" [sev1..sev4] [operator @x] [commander @y] [apps a,b]", "opens an incident with a thread in this channel", "declare \"Checkout 500s\" sev1 apps checkout"),
        new(Incident, "status", "[number]", "shows the incident: people, scope, overrides, what is left to do", "status"),
        new(Incident, "timeline", "[number]", "shows what happened, in order, with true times", "timeline"),
        new(Incident, "note", "<text>", "writes something into the record", "note customers see errors again"),
        new(Incident, "apps", "add|remove <app> …", "changes which applications the incident is about", "apps add checkout"),
        new(Incident, "severity", "sev1..sev4", "changes the severity", "severity sev2"),
        new(Incident, "operator", "@x", "says who acts; gives no authority", "operator @alice"),
        new(Incident, "commander", "@y", "says who decides; gives no authority", "commander @bob"),
        new(Incident, "mitigated", "", "says that users no longer suffer", "mitigated"),
        new(Incident, "close", "", "closes the incident once no override and no access is left", "close"),
        new(Incident, "reopen", "[number]", "opens a closed incident again", "reopen"),
        new(GitOps, "apps", "[text]", "lists applications, what is out of step first", "apps checkout"),
        new(GitOps, "status", "<app>", "shows what is deployed, and why Argo CD does nothing and what changes that", "status checkout"),
        new(GitOps, "diff", "<app>", "shows field by field what is not as Git says, and by which tool", "diff checkout"),
        new(GitOps, "plan", "<any change>", "shows what a change, or the end of an override or of access, would do and who would have to approve it, and does nothing", "plan pause checkout for 45m because rollback of payment config"),
        new(GitOps, "pause", "<app|ns:[cluster/]name> [only kind/name …] for <time> because <reason>", "keeps Argo CD from putting Git's state back, in an application, in some of it or in all that own something in a namespace, for a while and with approval", "pause checkout for 45m because rollback of payment config"),
        new(GitOps, "extend", "<app> by <time>", "moves the end of an override; the policy is asked again", "extend checkout by 30m"),
        new(GitOps, "own", "<app> [@x]", "makes you, or somebody else, the owner of an override", "own checkout"),
        new(GitOps, "resume", "<app|ns:[cluster/]name>", "ends the override: what was there before is put back and Git rules again; what that overwrites of changes by hand is shown first", "resume checkout"),
        new(GitOps, "branch", "<app> <branch> [follow] for <time> because <reason>", "deploys the newest commit of a branch, pinned, for a while and with approval; with follow also each commit that is pushed while it lasts", "branch checkout fix/payment-config for 1h because the fix is not released yet"),
        new(GitOps, "restore", "<app>", "ends a branch switch: the application follows again what it did before", "restore checkout"),
        new(GitOps, "rollback", "<app> [to <id|revision>] [for <time>] because <reason>", "deploys again what was deployed before, and keeps Argo CD from following Git meanwhile", "rollback checkout because the release is bad"),
        new(GitOps, "sync", "<app> [at <commit>] [only kind/name …] [prune] [force]", "has Argo CD apply what Git says, and tells how it went", "sync checkout"),
        new(GitOps, "refresh", "<app> [hard]", "has Argo CD compare Git and the cluster again", "refresh checkout hard"),
        new(GitOps, "terminate", "<app>", "ends the operation that Argo CD runs or keeps waiting", "terminate checkout"),
        new(GitOps, "signals", "<app>", "shows what the monitoring says of users, before and after the last change", "signals checkout"),
        new(GitOps, "policy", "", "shows who may do what, for how long, with whose approval", "policy"),
        new(GitOps, "runbook", "[name] [app]", "shows the steps for what you are up to, with the application filled in and a button for each step that is a command here", "runbook rollback checkout"),
        new(GitOps, "help", "[verb]", "shows this, or one verb", "help pause"),
        new(BreakGlass, "request", "<app> as <role> for <time> because <reason>", "asks for access to the application, in its namespaces or in Argo CD, for a while and with approval", "request checkout as editor for 30m because pods crashloop on config"),
        new(BreakGlass, "list", "", "shows whose access is open, and until when", "list"),
        new(BreakGlass, "extend", "<id> by <time>", "asks for the same access again, to follow on; the policy is asked again", "extend 1a2b3c4d by 30m"),
        new(BreakGlass, "done", "[id]", "gives your access back early", "done"),
        new(BreakGlass, "revoke", "<id>", "ends somebody's access at once", "revoke 1a2b3c4d"),
    ];

    public string Line => Usage.Length == 0 ? $"/{Program} {Name}" : $"/{Program} {Name} {Usage}";

    public static Verb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);

    /// <summary>
    /// The one that is meant: some names belong to two programs. What was named decides, else what follows; either alone
    /// may be wrong, so a program without such a verb does not stand in the way.
    /// </summary>
    internal static Verb? Find(string name, string? program, IReadOnlyList<Word> rest)
    {
        var all = All.Where(verb => verb.Name == name).ToList();
        return all.Count < 2 ? all.FirstOrDefault()
            : all.Find(verb => verb.Program == program)
            ?? all.Find(verb => verb.Program == (IsAboutAccess(name, rest) ? BreakGlass : IsAboutTheIncident(name, rest) ? Incident : GitOps));
    }

    private static bool IsAboutAccess(string name, IReadOnlyList<Word> rest) => name == "extend" && rest is [var id, ..] && BreakGlassVerbs.IsId(id.Text);

    private static bool IsAboutTheIncident(string name, IReadOnlyList<Word> rest) => name switch
    {
        "apps" => rest.Count > 0 && Suggestion.Nearest(rest[0].Key, ["add", "remove"]) is not null,
        "extend" => false,
        _ => rest.Count == 0 || Names.IncidentNumber(rest[0].Text) is not null,
    };
}
