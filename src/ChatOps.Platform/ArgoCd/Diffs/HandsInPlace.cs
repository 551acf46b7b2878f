using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>Objects of one kind in one namespace of one cluster.</summary>
internal sealed record LivePlace(string Cluster, ReadKind Kind, string Namespace)
{
    public override string ToString() => $"{Kind.Kind} in namespace {Namespace} of {Cluster}";
}

/// <summary>An object as the status of its application names it, and what that application is told to ignore.</summary>
internal sealed record ListedObject(ApplicationRef Application, JsonElement Resource, IgnoreRules Rules);

/// <summary>
/// The live objects of one place, version by version: also one that stood for a tenth of a second is told, which no look is
/// quick enough for. Of each object it remembers what hands have there now, and tells when Argo CD has made that as Git says.
/// </summary>
internal sealed class HandsInPlace(ReadKind kind, string version, string ns, ClusterApi cluster, TimeProvider time)
{
    private readonly CollectionWatch watch = new(cluster, $"{(kind.Group.Length > 0 ? $"apis/{kind.Group}/{version}" : $"api/{version}")}/namespaces/{Uri.EscapeDataString(ns)}/{kind.Resource}", time);

    /// <summary>By name, what hands have there, and the values that they wrote; nothing where they have nothing.</summary>
    private readonly Dictionary<string, (ResourceDrift Drift, IReadOnlyDictionary<string, string> Values)> hands = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, ListedObject> objects = new Dictionary<string, ListedObject>();

    /// <summary>Those to look at, by name: whatever else lives there is let go unread.</summary>
    public IReadOnlyDictionary<string, ListedObject> Objects
    {
        set => objects = value;
    }

    public Task FollowAsync(ChannelWriter<HandsTaken> taken, CancellationToken ct) => watch.FollowAsync(null, @event =>
    {
        var (type, live) = (@event.Text("type"), @event.At("object"));
        if (live.Text("metadata", "name") is not { } name)
        {
            return;
        }

        if (type == "DELETED")
        {
            hands.Remove(name); // made again it is another object, and nothing of it was taken back
        }
        else if (type is "ADDED" or "MODIFIED" && objects.TryGetValue(name, out var listed))
        {
            See(listed, name, live, taken);
        }
    }, ct);

    private void See(ListedObject listed, string name, JsonElement live, ChannelWriter<HandsTaken> taken)
    {
        var (now, writers) = (OfHands(DriftReader.OfLive(listed.Resource, listed.Rules, live, out _)), Written.In(live));
        if (hands.Remove(name, out var before) && TakenBack(before.Drift, before.Values, now, writers, live) is { } lost)
        {
            taken.TryWrite(new(listed.Application, lost.Hands, lost.At));
        }

        if (now.Fields.Count > 0)
        {
            hands[name] = (now, writers.Where(written => written.IsByHand).DistinctBy(written => written.Path.ToString()).ToDictionary(written => written.Path.ToString(), written => Sealed(written.Path.In(live)), StringComparer.Ordinal));
        }
    }

    /// <summary>
    /// Only what a tool wrote that people hold in their hands: a controller that fights with Argo CD does it all day. Who took
    /// something away is written nowhere, but between two versions of one object it was done.
    /// </summary>
    private static ResourceDrift OfHands(ResourceDrift drift) => drift with
    {
        Fields = [.. drift.Fields.Where(field => field.IsByHand && (field.By is { } manager ? Written.IsAHand(manager) : field.Class == DriftClass.Removed))],
    };

    /// <summary>
    /// What hands had and have no more because Argo CD wrote something else there: what they undid themselves, or wrote over, is
    /// theirs, and what Git says by now as they did is not gone.
    /// </summary>
    private static (ResourceDrift Hands, DateTimeOffset? At)? TakenBack(ResourceDrift before, IReadOnlyDictionary<string, string> values, ResourceDrift now, IReadOnlyList<Written> writers, JsonElement live)
    {
        var engine = writers.Where(written => written.IsOfTheEngine && values.GetValueOrDefault(written.Path.ToString()) != Sealed(written.Path.In(live)))
            .Select(written => (Path: written.Path.ToString(), written.At)).ToList();
        var lost = before.Fields.Where(field => !now.Fields.Any(still => IsAlong(still.Path, field.Path)))
            .Select(field => (Field: field, By: engine.Where(written => IsAlong(written.Path, field.Path)).ToList()))
            .Where(one => one.By.Count > 0).ToList();
        return lost.Count == 0 ? null : (before with { Fields = [.. lost.Select(one => one.Field)] }, lost.SelectMany(one => one.By).Max(written => written.At));
    }

    private static bool IsAlong(string one, string other) => one == other || one.StartsWith($"{other}/", StringComparison.Ordinal) || other.StartsWith($"{one}/", StringComparison.Ordinal);

    /// <summary>To tell values apart without keeping them.</summary>
    private static string Sealed(JsonElement value) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(value) ?? "")));
}
