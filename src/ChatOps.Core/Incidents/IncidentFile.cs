using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>
/// One incident with everything that hangs on it, read together and changed together. Nothing is stored until it is put
/// back with <see cref="IncidentFiles.PutBackAsync"/>; then all of it is, or nothing.
/// </summary>
public sealed class IncidentFile
{
    private readonly Dictionary<Guid, Operation> operations;
    private readonly Dictionary<Guid, Lease> leases;
    private readonly Dictionary<Guid, Grant> grants;

    internal IncidentFile(Incident incident, IEnumerable<Operation> operations, IEnumerable<Lease> leases, IEnumerable<Grant> grants, DateTimeOffset now)
    {
        Incident = incident;
        Now = now;
        this.operations = operations.ToDictionary(operation => operation.Id);
        this.leases = leases.ToDictionary(lease => lease.Id);
        this.grants = grants.ToDictionary(grant => grant.Id);
        AsOpened = new(new(this.leases), new(this.grants));
    }

    /// <summary>The one moment of everything that is recorded in this step.</summary>
    public DateTimeOffset Now { get; }

    public Incident Incident { get; private set; }

    public IReadOnlyList<Operation> Operations => [.. operations.Values.OrderBy(operation => operation.RequestedAt)];

    public IReadOnlyList<Lease> Leases => [.. leases.Values.OrderBy(lease => lease.StartedAt)];

    public IReadOnlyList<Grant> Grants => [.. grants.Values.OrderBy(grant => grant.StartedAt)];

    public Changes Changes { get; } = new();

    public Operation Operation(Guid id) => operations[id];

    public Lease? Lease(Guid id) => leases.GetValueOrDefault(id);

    /// <summary>What hung on it before this step.</summary>
    public Before AsOpened { get; }

    public Grant? Grant(Guid id) => grants.GetValueOrDefault(id);

    public IncidentFile Change(Incident next)
    {
        Incident = next;
        return this;
    }

    public IncidentFile Save(Operation operation)
    {
        operations[operation.Id] = operation;
        Changes.Save(operation);
        return this;
    }

    public IncidentFile Save(Lease lease)
    {
        leases[lease.Id] = lease;
        Changes.Save(lease);
        return this;
    }

    public IncidentFile Save(Grant grant)
    {
        grants[grant.Id] = grant;
        Changes.Save(grant);
        return this;
    }

    /// <summary>Writes a line into the record without saying it in the thread.</summary>
    public TimelineEntry Record(TimelineKind kind, string by, Text text, Guid? subject = null, DateTimeOffset? happenedAt = null)
    {
        Incident = Incident.Record(kind, by, text.ToString(), Now, out var entry, subject, happenedAt);
        Changes.Append(entry);
        return entry;
    }

    /// <summary>Writes a line into the record and says it in the thread, with the head of the chain under it.</summary>
    /// <param name="buttons">Made for the message that the entry becomes.</param>
    /// <param name="parts">Shown under the line, in the thread only.</param>
    /// <param name="under">The message that shows it, made or edited; left out: a message of its own.</param>
    /// <returns>The message that it becomes, and what it says first.</returns>
    public (MessageKey Key, Card Card) Tell(TimelineKind kind, string by, Func<People.ChatPlatform, Text> text, Tone tone = Tone.Neutral, Guid? subject = null, DateTimeOffset? happenedAt = null, Func<MessageKey, IReadOnlyList<Button>>? buttons = null, IReadOnlyList<Part>? parts = null, MessageKey? under = null)
    {
        var entry = Record(kind, by, text(Incident.Channels[0].Platform), subject, happenedAt);
        var key = under ?? MessageKey.Entry(Incident.Number, entry.Number);
        var row = buttons?.Invoke(key) ?? [];
        Say(key, platform => CardOf(text(platform), tone, parts ?? [], row, entry));
        return (key, CardOf(text(Incident.Channels[0].Platform), tone, parts ?? [], row, entry));
    }

    /// <summary>Says or edits a message in the thread of every platform.</summary>
    public void Say(MessageKey key, Func<People.ChatPlatform, Card> card)
    {
        foreach (var channel in Incident.Channels)
        {
            Changes.Post(new Outgoing.Say(key, new Where.InThread(channel, MessageKey.Incident(Incident.Number)), card(channel.Platform)));
        }
    }

    private static Card CardOf(Text said, Tone tone, IReadOnlyList<Part> parts, IReadOnlyList<Button> row, TimelineEntry entry) => new("", tone,
        [new Part.Paragraph(said), .. parts, .. row.Count > 0 ? [new Part.Buttons(row)] : Array.Empty<Part>(), new Part.Footnote(Text.Of($"record {entry.Incident}.{entry.Number} · {Chain.Abbreviate(entry.Hash)}"))])
    { Summary = said.ToString() };

    /// <summary>Overrides and access as they were read; null for what the step itself made.</summary>
    public sealed class Before(Dictionary<Guid, Lease> leases, Dictionary<Guid, Grant> grants)
    {
        public IEnumerable<Grant> Grants => grants.Values;

        public Lease? Lease(Guid id) => leases.GetValueOrDefault(id);

        public Grant? Grant(Guid id) => grants.GetValueOrDefault(id);
    }
}
