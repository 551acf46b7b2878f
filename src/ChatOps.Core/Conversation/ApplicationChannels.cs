using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Conversation;

/// <summary>A channel that hears of some applications outside of any incident. Globs fit the name or <c>instance/namespace/name</c>.</summary>
public sealed record ApplicationChannel(IReadOnlyList<string> Applications, Channel Channel);

/// <summary>Where something about an application is said when no incident has it in scope.</summary>
public sealed record ApplicationChannels(IReadOnlyList<ApplicationChannel> All)
{
    public IEnumerable<Channel> Of(ApplicationRef application) => Of(application.Name, application.ToString());

    public IEnumerable<Channel> Of(ApplicationQuery application) => Of(application.Name, application.ToString());

    private IEnumerable<Channel> Of(string name, string whole) =>
        All.Where(one => Glob.MatchesAny(one.Applications, name) || Glob.MatchesAny(one.Applications, whole)).Select(one => one.Channel).Distinct();
}
