using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Commands;

/// <summary>Somebody named in a command: an id of the chat platform (<c>@U42</c>) or a configured name (<c>@alice</c>).</summary>
public sealed record PersonMention(string IdOrName);

/// <summary>How long: a length, or a moment that the speaker's time zone gave a meaning.</summary>
public sealed record HowLong(TimeSpan? For, DateTimeOffset? Until)
{
    /// <summary>As a length, seen from <paramref name="now"/>.</summary>
    public TimeSpan From(DateTimeOffset now) => For ?? Until!.Value - now;
}

/// <summary>A command, understood. One record per verb; what is missing was not said.</summary>
public abstract partial record Command
{
    public sealed record Declare(string Title, Severity? Severity, PersonMention? Operator, PersonMention? Commander, IReadOnlyList<ApplicationQuery> Applications) : Command;

    public sealed record ShowIncident(int? Number) : Command;

    public sealed record ShowTimeline(int? Number) : Command;

    public sealed record AddNote(string Words) : Command;

    public sealed record AddApplications(IReadOnlyList<ApplicationQuery> Applications) : Command;

    public sealed record RemoveApplications(IReadOnlyList<ApplicationQuery> Applications) : Command;

    public sealed record ChangeSeverity(Severity Severity) : Command;

    public sealed record ChangeOperator(PersonMention Person) : Command;

    public sealed record ChangeCommander(PersonMention Person) : Command;

    public sealed record Mitigated : Command;

    public sealed record Close : Command;

    public sealed record Reopen(int? Number) : Command;

    public sealed record Pause(ApplicationQuery Application, HowLong Duration, string Reason) : Command
    {
        /// <summary><c>kind/name</c> or <c>kind/name:/pointer</c>, as it was written; empty: the whole application.</summary>
        public IReadOnlyList<string> Only { get; init; } = [];
    }

    /// <summary>Every application that owns something there.</summary>
    public sealed record PauseNamespace(NamespaceQuery Namespace, HowLong Duration, string Reason) : Command;

    public sealed record ResumeNamespace(NamespaceQuery Namespace) : Command;

    public sealed record Extend(ApplicationQuery Application, HowLong By) : Command;

    public sealed record Own(ApplicationQuery Application, PersonMention? Person) : Command;

    public sealed record Resume(ApplicationQuery Application) : Command;

    /// <summary>Ends a switch to a branch.</summary>
    public sealed record Restore(ApplicationQuery Application) : Command;

    public sealed record RequestAccess(ApplicationQuery Application, string Role, HowLong Duration, string Reason) : Command;

    public sealed record ListAccess : Command;

    /// <param name="Id">As people see it: the end of the grant's id.</param>
    public sealed record ExtendAccess(string Id, HowLong By, string? Reason) : Command;

    /// <summary><paramref name="Id"/> null: the only one the speaker has.</summary>
    public sealed record GiveBackAccess(string? Id) : Command;

    public sealed record RevokeAccess(string Id) : Command;

    public sealed record ShowPolicy : Command;

    /// <summary><paramref name="Verb"/> null: everything there is.</summary>
    public sealed record Help(string? Verb) : Command;
}
