using System.Reflection;
using ChatOps.Core;
using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Core.Troubles;
using ChatOps.Server.Audit;
using Prometheus;

namespace ChatOps.Server.Metrics;

/// <summary>
/// Every number that this program shows of itself. Labels come from enums and configured names, never from what people
/// type, so that nobody can make the series grow.
/// </summary>
public sealed class Meters
{
    private readonly Counter received;
    private readonly Counter deliveries;
    private readonly Histogram acknowledge;
    private readonly Gauge backlog;
    private readonly Gauge oldest;
    private readonly Counter operations;
    private readonly Counter refusals;
    private readonly Counter answers;
    private readonly Counter posts;
    private readonly Counter chatRefusals;
    private readonly Gauge sockets;
    private readonly Gauge notCovered;
    private readonly Gauge janitors;
    private readonly Gauge peopleFile;
    private readonly Histogram grantEnded;
    private readonly Histogram grantDenied;
    private readonly GrantMeters grants;
    private readonly Counter audited;
    private readonly Gauge auditHeard;
    private readonly LeaseMeters leases;
    private readonly OutsideMeters outside;
    private readonly Gauge troubles;
    private readonly Gauge windows;
    private readonly Gauge watches;

    public Meters()
    {
        var make = Prometheus.Metrics.WithCustomRegistry(Registry);
        received = make.CreateCounter("chatops_received_total", "What came in from chat, by door and by what was done with it.", "platform", "door", "outcome");
        deliveries = make.CreateCounter("chatops_deliveries_total", "Stored deliveries that were handled, by how they ended.", "platform", "kind", "outcome");
        acknowledge = make.CreateHistogram("chatops_acknowledge_seconds", "From receiving a delivery to acknowledging it, durably stored.",
            new HistogramConfiguration { LabelNames = ["platform"], Buckets = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3] });
        backlog = make.CreateGauge("chatops_backlog", "Deliveries and posts that wait.", "box");
        oldest = make.CreateGauge("chatops_backlog_oldest_seconds", "Age of the oldest that waits.", "box");
        operations = make.CreateCounter("chatops_operations_total", "Operations that ended, by how.", "kind", "outcome");
        refusals = make.CreateCounter("chatops_refusals_total", "Expected noes, by kind.", "kind");
        answers = make.CreateCounter("chatops_cluster_answers_total", "What clusters answered: a status, or none.", "cluster", "answer");
        posts = make.CreateCounter("chatops_posts_total", "Posts to chat, by what became of them.", "platform", "outcome");
        chatRefusals = make.CreateCounter("chatops_chat_refusals_total", "Posts that chat refused, by whose the fault is: configuration, channel, content …", "platform", "kind");
        sockets = make.CreateGauge("chatops_socket_connections", "Open Socket Mode connections.", "platform");
        notCovered = make.CreateGauge("chatops_applications_not_covered", "Applications that the policy covers and the cluster's RBAC does not; not a number while that cannot be asked.");
        notCovered.Set(double.NaN);
        janitors = make.CreateGauge("chatops_janitor_at_work", "Whether the janitor of a cluster in which access is given is there and started; not a number while that cannot be read.", "cluster");
        peopleFile = make.CreateGauge("chatops_people_file_current", "1: the mapping file as it is counts; 0: it is not right, and the last good one counts; not a number: there is none.");
        peopleFile.Set(double.NaN);
        make.CreateGauge("chatops_build_info", "Always 1; the version that runs.", "version")
            .WithLabels(typeof(Meters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Set(1);
        var late = new HistogramConfiguration { Buckets = [.05, .1, .25, .5, 1, 2, 5, 10, 30, 60, 300] };
        grantEnded = make.CreateHistogram("chatops_grant_end_lateness_seconds", "From the moment at which access should end to the cluster's word that it is gone.", late);
        grantDenied = make.CreateHistogram("chatops_grant_denied_seconds", "From the moment at which access should end to the API server's no, asked as the person.", late);
        grants = new GrantMeters(make);
        audited = make.CreateCounter("chatops_audit_batches_total", "Batches of audit events that API servers posted, by what became of them.", "cluster", "outcome");
        auditHeard = make.CreateGauge("chatops_audit_heard_timestamp_seconds", "When a cluster's API server last posted audit events that were taken.", "cluster");
        leases = new LeaseMeters(make);
        outside = new OutsideMeters(make);
        windows = make.CreateGauge("chatops_outside_window_age_seconds", "Since somebody added a sync window to a project, or made one another, that was not made through ChatOps.", "project");
        watches = make.CreateGauge("chatops_watch_dead_seconds", "Since the applications of a namespace have not been watched; 0: they are.", "watch");
        troubles = make.CreateGauge("chatops_applications_in_trouble", "Applications that are in trouble, by what is the matter.", "kind");
    }

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public void Delivered(ChatPlatform platform, Said said, DeliveryOutcome outcome) => deliveries.WithLabels(Low(platform), Kind(said), Low(outcome)).Inc();

    /// <param name="outcome">A word of the adapter's own: stored, known, refused, not stored …</param>
    public void Received(ChatPlatform platform, string door, string outcome) =>
        received.WithLabels(Low(platform), door.ToLowerInvariant(), outcome.Replace(' ', '_')).Inc();

    public void GrantEnded(double seconds) => grantEnded.Observe(seconds);

    public void GrantDenied(double seconds) => grantDenied.Observe(seconds);

    /// <summary>All grants with something left to do.</summary>
    public void Grants(IReadOnlyCollection<Grant> unsettled, DateTimeOffset now) => grants.Set(unsettled, now);

    public void GrantFound(string kind, string outcome) => grants.Found(kind, outcome);

    public void Unseen(IReadOnlyCollection<UnseenGrants> unseen) => grants.Unseen(unseen);

    public void Audited(string cluster, AuditOutcome outcome, DateTimeOffset now)
    {
        audited.WithLabels(cluster, Low(outcome)).Inc();
        if (outcome == AuditOutcome.Heard)
        {
            auditHeard.WithLabels(cluster).Set(now.ToUnixTimeSeconds());
        }
    }

    public void Acknowledged(ChatPlatform platform, TimeSpan took) => acknowledge.WithLabels(Low(platform)).Observe(took.TotalSeconds);

    public void Waiting(RecordsBacklog now)
    {
        backlog.WithLabels("inbox").Set(now.Inbox);
        backlog.WithLabels("outbox").Set(now.Outbox);
        oldest.WithLabels("inbox").Set(now.OldestInbox.TotalSeconds);
        oldest.WithLabels("outbox").Set(now.OldestOutbox.TotalSeconds);
    }

    public void Ended(Operation operation) => operations.WithLabels(Low(operation.Kind), Low(operation.State)).Inc();

    public void Refused(Refusal refusal) => refusals.WithLabels(Low(refusal.Kind)).Inc();

    /// <param name="answer">An HTTP status, or "none".</param>
    public void Answered(string cluster, string answer) => answers.WithLabels(cluster, answer).Inc();

    public void Posted(ChatPlatform platform, PostOutcome outcome) => posts.WithLabels(Low(platform), Low(outcome)).Inc();

    public void Refused(ChatPlatform platform, ChatRefusal refusal) => chatRefusals.WithLabels(Low(platform), Low(refusal)).Inc();

    public void PeopleFile(bool current) => peopleFile.Set(current ? 1 : 0);

    /// <summary>Null: cannot be told now.</summary>
    public void NotCovered(int? applications) => notCovered.Set(applications ?? double.NaN);

    /// <param name="isAtWork">Null: cannot be told now.</param>
    public void Janitor(string cluster, bool? isAtWork) => janitors.WithLabels(cluster).Set(isAtWork switch { true => 1, false => 0, null => double.NaN });

    public void Connections(ChatPlatform platform, int open) => sockets.WithLabels(Low(platform)).Set(open);

    /// <summary>All leases that are live now; those that are not in the list any more disappear.</summary>
    public void Live(IReadOnlyCollection<Lease> live, DateTimeOffset now) => leases.Set(live, now);

    /// <summary>All overrides that are there now and were not made through us.</summary>
    public void Outside(IReadOnlyCollection<Alert> there, DateTimeOffset now) => outside.Set(there, now);

    /// <summary>All sync windows that are there now and that somebody added past us; of one project the oldest.</summary>
    public void Windows(IReadOnlyCollection<Alert> there, DateTimeOffset now)
    {
        var series = there.GroupBy(alert => alert.About.ToString()).OrderBy(group => group.Min(alert => alert.StartedAt)).Take(OutsideMeters.MostSeries).ToDictionary(group => group.Key, group => group.Max(alert => (now - alert.StartedAt).TotalSeconds));
        foreach (var gone in windows.GetAllLabelValues().Select(labels => labels[0]).Except(series.Keys).ToList())
        {
            windows.RemoveLabelled(gone);
        }

        foreach (var (project, seconds) in series)
        {
            windows.WithLabels(project).Set(seconds);
        }
    }

    /// <summary>All troubles of applications that are there now.</summary>
    public void Troubles(IReadOnlyCollection<Alert> there)
    {
        foreach (var kind in Enum.GetValues<TroubleKind>())
        {
            troubles.WithLabels(Low(kind)).Set(there.Count(alert => alert.Name == kind.ToString()));
        }
    }

    /// <param name="watch">Instance and namespace, as configured.</param>
    public void Watch(string watch, TimeSpan dead) => watches.WithLabels(watch).Set(dead.TotalSeconds);

    /// <summary>"ClusterSaidNo" → "cluster_said_no".</summary>
    internal static string Low<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static string Kind(Said said) => said switch
    {
        Said.Command => "command",
        Said.Pressed => "button",
        Said.Answered => "dialog",
        Said.OpenedHome => "home",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>How handling a delivery ended.</summary>
public enum DeliveryOutcome
{
    Done,

    /// <summary>Answered with a no.</summary>
    Refused,

    /// <summary>Given up after several tries.</summary>
    Failed,
}
