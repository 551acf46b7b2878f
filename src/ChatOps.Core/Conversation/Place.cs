using ChatOps.Core.People;

namespace ChatOps.Core.Conversation;

/// <summary>A channel, chat or DM. <paramref name="Id"/> is the platform's own.</summary>
public sealed record Channel(ChatPlatform Platform, string Tenant, string Id);

/// <summary>Where something was said: a channel, and the thread in it if there was one.</summary>
public sealed record Place(Channel Channel, string? Thread);

/// <summary>A message that exists. <paramref name="Id"/> is Slack's ts or the Teams activity id.</summary>
public sealed record MessageRef(Channel Channel, string Id, string? Thread);

/// <summary>
/// Our own name for a message ("incident/7", "operation/…"), the same before and after it exists: the first post under a
/// key creates the message, each later one edits it.
/// </summary>
public readonly record struct MessageKey(string Value)
{
    public static MessageKey Incident(int number) => new($"incident/{number}");

    /// <summary>The number, when this is the root message of an incident.</summary>
    public int? AsIncident => Value.StartsWith("incident/", StringComparison.Ordinal)
        && int.TryParse(Value.AsSpan("incident/".Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    public static MessageKey Operation(Guid id) => new($"operation/{id:N}");

    public static MessageKey Lease(Guid id) => new($"lease/{id:N}");

    /// <summary>What hands changed under an override.</summary>
    public static MessageKey Hands(Guid lease) => new($"lease/{lease:N}/hands");

    /// <summary>A timeline entry told in the thread.</summary>
    public static MessageKey Entry(int incident, int entry) => new($"incident/{incident}/entry/{entry}");

    /// <summary>The alerts of an incident, from the first that fires until all are resolved; then the next begins another.</summary>
    public static MessageKey Alerts(int incident, int entry) => new($"incident/{incident}/alerts/{entry}");

    /// <summary>The same in a channel, outside of any incident.</summary>
    public static MessageKey Alerts(string application, DateTimeOffset since) => new($"alerts/{application}/{since.ToUnixTimeMilliseconds()}");

    /// <summary>Overrides from outside that came together, said in a channel.</summary>
    public static MessageKey Outside(string application, DateTimeOffset since) => new($"outside/{application}/{since.ToUnixTimeMilliseconds()}");

    /// <summary>Applications that came into trouble together, or by the same cause.</summary>
    public static MessageKey Troubles(string application, DateTimeOffset since) => new($"trouble/{application}/{since.ToUnixTimeMilliseconds()}");

    /// <summary>One for each account: somebody who is asked on two platforms has a message on each, with buttons of its own.</summary>
    public static MessageKey AskApprover(Guid operation, ChatAccount account) => new($"ask/{operation:N}/{account.Platform}/{account.UserId}");

    /// <summary>One for each account, end and time that it is brought up: a new message wakes people up, an edit does not.</summary>
    public static MessageKey AskAboutLease(Guid lease, DateTimeOffset deadline, int escalations, ChatAccount account) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lease/{lease:N}/{deadline.ToUnixTimeSeconds()}/{escalations}/{account.Platform}/{account.UserId}"));

    /// <summary>Whatever only this account sees: its Home page, a private answer. Its buttons are pressed by this account, wherever it saw them.</summary>
    public static MessageKey SeenOnlyBy(ChatAccount account) => new($"only/{account}");

    public bool IsPrivate => Value.StartsWith("only/", StringComparison.Ordinal);

    /// <summary>The lease that this asks one person about.</summary>
    public Guid? AsksAboutLease => Value.Split('/') is ["lease", var id, _, _, _, _] && Guid.TryParseExact(id, "N", out var lease) ? lease : null;

    /// <summary>The operation that this asks one approver about.</summary>
    public Guid? AsksAboutOperation => Value.Split('/') is ["ask", var id, _, _] && Guid.TryParseExact(id, "N", out var operation) ? operation : null;

    public static MessageKey GrantNotice(Guid grant, ChatAccount account) => new($"grant/{grant:N}/notice/{account.Platform}/{account.UserId}");

    public static MessageKey GrantClaim(Guid grant, ChatAccount account) => new($"grant/{grant:N}/claim/{account.Platform}/{account.UserId}");

    /// <summary>The access whose token this leads one person to.</summary>
    public Guid? LeadsToGrant => Value.Split('/') is ["grant", var id, "claim", _, _] && Guid.TryParseExact(id, "N", out var grant) ? grant : null;

    /// <summary>The access that this warns one person of the end of.</summary>
    public Guid? WarnsOfGrant => Value.Split('/') is ["grant", var id, "notice", _, _] && Guid.TryParseExact(id, "N", out var grant) ? grant : null;

    /// <summary>An object in a cluster that no live grant stands behind as it is.</summary>
    /// <param name="named">By place, name and id, so that it is told once.</param>
    public static MessageKey FoundAccess(string named) => new($"found/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(named)).AsSpan(0, 16))}");

    public override string ToString() => Value;
}
