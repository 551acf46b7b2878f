using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>What Argo CD's conditions mean to somebody who does not work with them every day.</summary>
public static class ConditionWords
{
    private const int Longest = 400;

    public static Text Of(Condition condition)
    {
        var meaning = condition.Type switch
        {
            "ComparisonError" => "Argo CD cannot work out what Git wants",
            "InvalidSpecError" => "The application itself is not valid",
            "SyncError" => "The last sync failed, and Argo CD waits for a new commit or a sync by hand",
            "DeletionError" => "Deleting it does not get on",
            "UnknownError" => "Argo CD failed in a way that it has no name for",
            "SharedResourceWarning" => "Another application claims some of the same resources: they take each other's changes back",
            "RepeatedResourceWarning" => "Git has the same resource twice",
            "ExcludedResourceWarning" => "Git has resources that this Argo CD is told to leave alone",
            "OrphanedResourceWarning" => "Its namespace has resources that no application manages",
            _ => condition.Type,
        };
        var message = condition.Message.Length <= Longest ? condition.Message : condition.Message[..Longest] + " …";
        return Text.Of($"{meaning:b}{(condition.Since is { } since ? Text.Of($" (since {since})") : Text.Empty)}: {message}");
    }
}
