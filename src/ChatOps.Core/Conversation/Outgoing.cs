using ChatOps.Core.People;

namespace ChatOps.Core.Conversation;

/// <summary>
/// Something to be said. It is stored with the state it tells of, in one transaction, and posted afterwards from the
/// outbox, in order within one <see cref="Lane"/>, until the platform took it or refused it for good.
/// </summary>
public abstract record Outgoing
{
    private Outgoing()
    {
    }

    /// <summary>Posts of one lane keep their order; lanes do not wait for each other.</summary>
    public abstract string Lane { get; }

    /// <summary>Says or edits the message <paramref name="Key"/>. Of several waiting edits of one key only the last is sent.</summary>
    public sealed record Say(MessageKey Key, Where Where, Card Card) : Outgoing
    {
        /// <summary>Pin the message once it is posted.</summary>
        public bool Pin { get; init; }

        public override string Lane => Where.Lane;
    }

    /// <summary>Only <paramref name="To"/> sees it; lost when they are not there, so nothing is decided in it alone.</summary>
    public sealed record Whisper(ChatAccount To, Place Place, Card Card, string? ReplyHandle) : Outgoing
    {
        public override string Lane => $"whisper/{To}";
    }

    /// <summary>Opens a dialog for the person whose click gave the handle; handles live some seconds.</summary>
    public sealed record Ask(ChatAccount To, Place Place, string ReplyHandle, Dialog Dialog) : Outgoing
    {
        public override string Lane => $"ask/{To}";
    }

    /// <summary>What <paramref name="To"/> sees on the page that the platform keeps for us and for them alone; the last one counts.</summary>
    public sealed record Home(ChatAccount To, Card Card) : Outgoing
    {
        public override string Lane => $"home/{To}";
    }
}

/// <summary>Where a message goes.</summary>
public abstract record Where
{
    private Where()
    {
    }

    public abstract string Lane { get; }

    public sealed record InChannel(Channel Channel) : Where
    {
        public override string Lane => $"channel/{Channel.Platform}/{Channel.Id}";
    }

    /// <summary>In the thread under the message <paramref name="Root"/>; waits until that exists.</summary>
    public sealed record InThread(Channel Channel, MessageKey Root) : Where
    {
        public override string Lane => $"channel/{Channel.Platform}/{Channel.Id}";
    }

    public sealed record ToPerson(ChatAccount Account) : Where
    {
        public override string Lane => $"person/{Account}";
    }
}
