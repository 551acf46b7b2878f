using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>Whose words count at all, before anybody asks what they may do. Answers with the reason for a no.</summary>
internal sealed class SlackGate(SlackOptions options, IChatDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<string?> WhyNotAsync(Origin origin, ChatAccount from, CancellationToken ct) =>
        WhyNot(origin) ?? await WhyNotAsync(from, ct);

    private string? WhyNot(Origin origin)
    {
        if (!string.IsNullOrEmpty(options.AppId) && origin.AppId != options.AppId)
        {
            return "This was sent to another Slack app than the one configured (Slack:AppId).";
        }

        var wholeOrganisation = origin.Enterprise is not null && options.AllowedTeams.Contains(origin.Enterprise);
        if (!wholeOrganisation && (origin.Team is null || !options.AllowedTeams.Contains(origin.Team)))
        {
            return "This workspace is not allowed to use ChatOps (Slack:AllowedTeams).";
        }

        // In a channel shared with another company a person whose home is not told is a stranger.
        var home = origin.UserTeam ?? (origin.SharedOutside ? null : origin.Team);
        var isOurs = home is not null && (options.AllowedTeams.Contains(home) || wholeOrganisation && !origin.SharedOutside);
        return isOurs ? null : "Only members of this workspace can use ChatOps, not guests from another one.";
    }

    /// <summary>
    /// What Slack says of the person, as far as it is known quickly. When Slack does not answer the words are taken: they
    /// are stored, and authority is asked afresh before anything is done.
    /// </summary>
    private async Task<string?> WhyNotAsync(ChatAccount from, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await directory.FindAsync(from, fresh: false, either.Token) switch
            {
                null => "Slack does not know your account, so ChatOps cannot either.",
                { IsBot: true } => "Bots and workflows cannot use ChatOps; a person has to ask.",
                { IsDeactivated: true } => "Your account is deactivated.",
                { IsGuest: true } => "Guests cannot use ChatOps; ask a full member of this workspace.",
                { IsForeign: true } => "Only members of this workspace can use ChatOps, not guests from another one.",
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is ChatUnavailableException or ChatRefusedException)
        {
            return null;
        }
    }
}
