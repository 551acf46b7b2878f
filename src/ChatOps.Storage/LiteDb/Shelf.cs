using ChatOps.Core.Records;

namespace ChatOps.Storage.LiteDb;

/// <summary>Names of the collections in the file. Part of the stored format.</summary>
internal static class Shelf
{
    public const string Incidents = "incidents";
    public const string Operations = "operations";
    public const string Leases = "leases";
    public const string Grants = "grants";
    public const string Uses = "uses";
    public const string Timeline = "timeline";
    public const string Inbox = "inbox";
    public const string Choices = "choices";
    public const string Messages = "messages";
    public const string Alerts = "alerts";
    public const string Baselines = "baselines";
    public const string Allowances = "allowances";
    public const string Windows = "windows";
    public const string Watched = "watched";
    public const string Outbox = "outbox";
    public const string Store = "store";

    /// <summary>All but the one row that counts the others.</summary>
    public static readonly string[] All = [Incidents, Operations, Leases, Grants, Timeline, Inbox, Choices, Messages, Outbox, Alerts, Baselines, Uses, Allowances, Watched, Windows];

    public static BooksPart PartOf(string shelf) => shelf switch
    {
        Inbox => BooksPart.Deliveries,
        Outbox => BooksPart.Posts,
        Operations => BooksPart.Operations,
        Leases => BooksPart.Leases,
        Grants => BooksPart.Grants,
        _ => BooksPart.Others,
    };
}
