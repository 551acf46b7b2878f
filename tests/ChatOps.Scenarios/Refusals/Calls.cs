namespace ChatOps.Scenarios.Refusals;

/// <summary>
/// Every call of the story, by its chapter. That none is missing is itself a test: <see cref="UndisturbedTests"/> holds an
/// undisturbed story against this, and every disturbed one tells of calls that have no name here.
/// </summary>
public static class Calls
{
    /// <summary>The chapter before may take as long as this one lasts when something goes wrong in it, so both do not in one story.</summary>
    private const string Nothing = "";

    /// <summary>Made by the clock, in whatever chapter it falls; refused where enough time passes for each of them.</summary>
    public static readonly IReadOnlySet<string> ByTheClock = new HashSet<string> { "list applications", "watch applications", "list rolebindings", "list clusterrolebindings", "list appprojects", "create selfsubjectrulesreviews", "get appprojects", "get configmaps/argocd-cm", "get customresourcedefinitions", "get applications/checkout", "get applications/search", "get applications/reports", "get applications/platform", "get applicationsets", "get live objects", "watch live objects", "list events", "get cronjobs" };

    /// <summary>The incident's card says how long its record is, which grows by what Argo CD does too; refused in most chapters.</summary>
    public const string OfTheRecord = "chat.update in channel";

    /// <summary>Asked once for as long as the process lives, by the first story that is told to it.</summary>
    public const string OfTheFirstStory = "get kinds";

    /// <summary>Made only after a post whose answer was lost: by chapter, the post, and the call that looks for it.</summary>
    public static readonly IReadOnlyList<(Step Step, string Post, string LookUp)> Searches =
    [
        (Step.Declare, "chat.postMessage in channel", "conversations.history in channel"),
        (Step.Ask, "chat.postMessage with a person", "conversations.open"),
        (Step.Approve, "chat.postMessage in thread", "conversations.replies"),
        (Step.Warn, "chat.postMessage with a person", "conversations.history with a person"),
    ];

    /// <summary>The dialog comes at a turn at which nothing befalls the message that it is opened from.</summary>
    public static readonly IReadOnlyDictionary<Step, string[]> OfSlack = new Dictionary<Step, string[]>
    {
        [Step.Declare] = ["users.info alice", "chat.postMessage in channel", "pins.add", "chat.postMessage in thread"],
        [Step.AskInVain] = ["response_url", "users.info alice", "usergroups.users.list"],
        [Step.Ask] = ["users.info alice", "users.info bob", "users.info carol", "usergroups.users.list", "chat.postMessage with a person", "chat.postMessage in thread", "chat.update in channel"],
        [Step.Approve] = ["users.info bob", "usergroups.users.list", "chat.postMessage in thread", "chat.update in thread", "chat.update in channel", "chat.update with a person", "users.info alice"],
        [Step.Hold] = ["chat.postMessage in thread", "chat.update in channel"],
        [Step.Look] = ["response_url", "chat.postEphemeral"],
        [Step.Warn] = ["chat.postMessage with a person", "chat.update in channel"],
        [Step.Extend] = ["users.info alice", "usergroups.users.list", "views.open", "chat.postMessage in thread", "chat.postMessage with a person", "chat.update in channel", "users.info bob", "chat.update in thread", "chat.update with a person", "users.info carol"],
        [Step.Resume] = ["chat.postMessage in thread", "chat.update in channel"],
        [Step.Settle] = [Nothing, Nothing, "chat.postMessage in thread", "chat.update in channel"],
        [Step.Close] = ["chat.postMessage in thread", "chat.update in channel"],
    };

    public static readonly IReadOnlyDictionary<Step, string[]> OfCluster = new Dictionary<Step, string[]>
    {
        [Step.Declare] = ["list applications", "get applications/checkout", "get applications/search", "get applications/reports", "get applications/platform", "get applicationsets", "get appprojects", "create subjectaccessreviews", "get live objects"],
        [Step.AskInVain] = ["get applications/search", "get applications/reports", "get applications/platform", "get applicationsets", "get appprojects"],
        [Step.Ask] = ["get applications/checkout", "get appprojects", "create subjectaccessreviews"],
        [Step.Approve] = ["get applications/checkout", "get appprojects", "patch applications/checkout"],
        [Step.Hold] = ["get applications/checkout", "get appprojects"],
        [Step.Look] = [],
        [Step.Warn] = ["watch applications", "watch live objects", "list events", "get applications/checkout", "get appprojects", "get configmaps/argocd-cm", "get customresourcedefinitions", "list rolebindings", "list clusterrolebindings", "create selfsubjectrulesreviews", "list applications", "list appprojects", "get cronjobs"],
        [Step.Extend] = ["get applications/checkout", "get appprojects", "patch applications/checkout"],
        [Step.Resume] = ["get applications/checkout", "get appprojects", "patch applications/checkout", "get live objects"],
        [Step.Settle] = [Nothing, Nothing, Nothing, Nothing, "get applications/checkout", "get appprojects"],
        [Step.Close] = [],
    };

    /// <summary>Asked for only where the definition may not be read.</summary>
    public const string InsteadOfTheDefinition = "get openapi";

    private const int AtATime = 2;

    /// <summary>In so many stories each call is refused once.</summary>
    public static int Turns(IReadOnlyDictionary<Step, string[]> table) => table.Values.Max(calls => (calls.Length + AtATime - 1) / AtATime);

    /// <summary>What is refused in a chapter at this turn.</summary>
    public static IReadOnlyList<string> At(IReadOnlyDictionary<Step, string[]> table, Step step, int turn) =>
        [.. table[step].Skip(turn * AtATime).Take(AtATime).Where(call => call != Nothing)];
}
