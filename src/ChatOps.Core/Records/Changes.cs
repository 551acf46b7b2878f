using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Records;

/// <summary>
/// Everything that one step changes, stored together or not at all: state, record, posts, and the delivery that caused
/// it. A saved aggregate carries the version it was read with; the store adds one and refuses when it is not the latest.
/// </summary>
public sealed class Changes
{
    private readonly Dictionary<int, Incident> incidents = [];
    private readonly Dictionary<Guid, Operation> operations = [];
    private readonly Dictionary<Guid, Lease> leases = [];
    private readonly Dictionary<Guid, Grant> grants = [];
    private readonly Dictionary<Guid, GrantUse> uses = [];
    private readonly Dictionary<string, Allowance> allowances = [];
    private readonly Dictionary<string, Alert> alerts = [];
    private readonly Dictionary<ApplicationRef, Baseline> baselines = [];
    private readonly Dictionary<string, KnownWindows> windows = [];
    private readonly Dictionary<string, DateTimeOffset> watched = [];
    private readonly List<TimelineEntry> entries = [];
    private readonly List<Outgoing> posts = [];
    private readonly List<Choice> choices = [];
    private readonly List<PostedMessage> posted = [];
    private readonly List<long> postsDone = [];
    private readonly List<(long Id, DateTimeOffset NotBefore)> postsLater = [];
    private readonly List<string> deliveriesDone = [];
    private readonly List<string> choicesUsed = [];

    public IReadOnlyCollection<Incident> Incidents => incidents.Values;

    public IReadOnlyCollection<Operation> Operations => operations.Values;

    public IReadOnlyCollection<Lease> Leases => leases.Values;

    public IReadOnlyCollection<Grant> Grants => grants.Values;

    public IReadOnlyCollection<GrantUse> Uses => uses.Values;

    public IReadOnlyCollection<Allowance> Allowances => allowances.Values;

    public IReadOnlyCollection<Alert> Alerts => alerts.Values;

    public IReadOnlyCollection<Baseline> Baselines => baselines.Values;

    public IReadOnlyCollection<KnownWindows> KnownWindows => windows.Values;

    public IReadOnlyDictionary<string, DateTimeOffset> Watched => watched;

    public IReadOnlyList<TimelineEntry> Entries => entries;

    public IReadOnlyList<Outgoing> Posts => posts;

    public IReadOnlyList<Choice> Choices => choices;

    public IReadOnlyList<PostedMessage> Posted => posted;

    public IReadOnlyList<long> PostsDone => postsDone;

    public IReadOnlyList<(long Id, DateTimeOffset NotBefore)> PostsLater => postsLater;

    public IReadOnlyList<string> DeliveriesDone => deliveriesDone;

    public IReadOnlyList<string> ChoicesUsed => choicesUsed;

    public Changes Save(Incident incident)
    {
        incidents[incident.Number] = incident;
        return this;
    }

    public Changes Save(Operation operation)
    {
        operations[operation.Id] = operation;
        return this;
    }

    public Changes Save(Lease lease)
    {
        leases[lease.Id] = lease;
        return this;
    }

    public Changes Save(Grant grant)
    {
        grants[grant.Id] = grant;
        return this;
    }

    public Changes Save(GrantUse use)
    {
        uses[use.Grant] = use;
        return this;
    }

    public Changes Save(Allowance allowance)
    {
        allowances[allowance.Of] = allowance;
        return this;
    }

    public Changes Save(Alert alert)
    {
        alerts[alert.Fingerprint] = alert;
        return this;
    }

    public Changes Save(Baseline baseline)
    {
        baselines[baseline.Application] = baseline;
        return this;
    }

    public Changes Save(KnownWindows known)
    {
        windows[known.Instance] = known;
        return this;
    }

    /// <summary>The applications of this instance are looked at from this moment on; of two that say so the first counts.</summary>
    public Changes Watch(string instance, DateTimeOffset since)
    {
        watched[instance] = since;
        return this;
    }

    public Changes Append(TimelineEntry entry)
    {
        entries.Add(entry);
        return this;
    }

    public Changes Post(Outgoing post)
    {
        posts.Add(post);
        return this;
    }

    /// <summary>Before everything else of this step: the message that the others hang under.</summary>
    public Changes PostFirst(Outgoing post)
    {
        posts.Insert(0, post);
        return this;
    }

    /// <summary>Registers what a button means, before anybody can see it.</summary>
    public Changes Offer(Choice choice)
    {
        choices.Add(choice);
        return this;
    }

    /// <summary>Takes a token out of service; using it again finds nothing.</summary>
    public Changes Use(string token)
    {
        choicesUsed.Add(token);
        return this;
    }

    public Changes Done(Delivery? delivery)
    {
        if (delivery is not null)
        {
            deliveriesDone.Add(delivery.Key);
        }

        return this;
    }

    /// <summary>The platform confirmed a message.</summary>
    public Changes Confirm(PostedMessage message)
    {
        posted.Add(message);
        return this;
    }

    public Changes Sent(long post)
    {
        postsDone.Add(post);
        return this;
    }

    public Changes TryLater(long post, DateTimeOffset notBefore)
    {
        postsLater.Add((post, notBefore));
        return this;
    }
}
