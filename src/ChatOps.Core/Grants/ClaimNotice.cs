using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>The direct message that leads somebody to the token of their grant. The link is no secret: the page asks who they are.</summary>
public static class ClaimNotice
{
    public static void Send(IncidentFile file, Grant grant, Reception reception, Uri page)
    {
        var isSent = false;
        var accounts = file.Incident.Channels.Select(channel => channel.Platform).Distinct().Select(platform => reception.AccountOf(grant.Person, platform)).OfType<ChatAccount>();
        foreach (var account in accounts)
        {
            file.Changes.Post(new Outgoing.Say(MessageKey.GrantClaim(grant.Id, account), new Where.ToPerson(account), Of(grant, page)));
            isSent = true;
        }

        if (!isSent)
        {
            NotReached(file, grant, reception, "there is no chat account of theirs here: add it under Identity:People", page);
        }
    }

    /// <summary>Told in the thread then: whoever else opens the page is refused.</summary>
    public static void NotReached(IncidentFile file, Grant grant, Reception reception, string fix, Uri page) => file.Tell(
        TimelineKind.NotReached,
        "chatops",
        platform => Text.Of($"{reception.Address(grant.Person, platform)} {"is not told":b} in a direct message where to fetch the token of their access to {grant.Target.Name:code}: {fix}. It is at {page.AbsoluteUri}, for them alone, after a sign-in."),
        Tone.Warning,
        grant.Id);

    private static Card Of(Grant grant, Uri page) => new(
        $"Your access to {grant.Target.Name}",
        Tone.Good,
        [
            new Part.Paragraph(Text.Of($"As {grant.Role:b} until {grant.EndsAt}, in ") + GrantTexts.Where(grant.Scope) + Text.Of($". The page asks you to sign in, then makes a token and shows it once, in a kubeconfig; it is kept nowhere, and worth nothing after that moment. {"/breakglass done":code} ends it earlier.")),
            new Part.Buttons([new Button("Sign in and fetch it", "") { Link = page }]),
        ]);
}
