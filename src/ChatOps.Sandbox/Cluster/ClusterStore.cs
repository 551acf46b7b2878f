using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Everything the simulated cluster holds, one resource version for each write, and the recent writes for watches to read.</summary>
internal sealed class ClusterStore(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<string, Stored>> shelves = new(StringComparer.Ordinal); // by kind and namespace: RBAC lists them at every request
    private readonly List<Change> changes = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version = 100;
    private long oldest;

    public long Version
    {
        get
        {
            lock (gate)
            {
                return version;
            }
        }
    }

    public Stored? Find(ResourceKind kind, string ns, string name)
    {
        lock (gate)
        {
            return Shelf(kind, ns).GetValueOrDefault(name);
        }
    }

    /// <summary>A consistent list and the version it is consistent at.</summary>
    public (IReadOnlyList<Stored> Items, long Version) List(ResourceKind kind, string ns)
    {
        lock (gate)
        {
            var prefix = $"{kind.QualifiedName}/";
            return (ns.Length > 0 || !kind.Namespaced ? [.. Shelf(kind, ns).Values]
                : [.. shelves.Where(shelf => shelf.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(shelf => $"{shelf.Key}/", StringComparer.Ordinal).SelectMany(shelf => shelf.Value.Values)], version);
        }
    }

    /// <summary>Runs one write; <paramref name="next"/> gets a copy of what is there and answers what shall be there, or null to remove it.</summary>
    public Stored Write(ResourceKind kind, string ns, string name, Func<JsonObject?, JsonObject?> next)
    {
        lock (gate)
        {
            var objects = Shelf(kind, ns);
            var before = objects.GetValueOrDefault(name);
            var after = next(before?.Read());
            if (after is not null && before is not null && JsonNode.DeepEquals(after, before.Read()))
            {
                return before;
            }

            version++;
            var type = after is null ? "DELETED" : before is null ? "ADDED" : "MODIFIED";
            after ??= before?.Read() ?? throw ApiRefusal.NotFound(kind, name);
            after["metadata"]!["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var stored = new Stored(JsonSerializer.SerializeToUtf8Bytes(after), version);
            if (type == "DELETED")
            {
                objects.Remove(name);
            }
            else
            {
                objects[name] = stored;
            }

            changes.Add(new Change(version, type, kind, ns, stored, before));
            changed.SetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return stored;
        }
    }

    /// <summary>What was written after <paramref name="since"/>, and a task that ends at the next write.</summary>
    public (IReadOnlyList<Change> Changes, long Version, Task Next) ChangesSince(long since)
    {
        lock (gate)
        {
            if (since < oldest)
            {
                throw ApiRefusal.WatchExpired(since, oldest);
            }

            var index = changes.FindLastIndex(change => change.Version <= since) + 1;
            return (changes[index..], version, changed.Task);
        }
    }

    /// <summary>Forgets the past, as etcd's compaction does: watches and paged lists from before are answered 410.</summary>
    public void Compact()
    {
        lock (gate)
        {
            oldest = version;
            changes.Clear();
        }
    }

    public bool IsCompacted(long asked)
    {
        lock (gate)
        {
            return asked < oldest;
        }
    }

    public DateTimeOffset Now => time.GetUtcNow();

    private SortedDictionary<string, Stored> Shelf(ResourceKind kind, string ns)
    {
        var key = $"{kind.QualifiedName}/{ns}";
        return shelves.TryGetValue(key, out var shelf) ? shelf : shelves[key] = new(StringComparer.Ordinal);
    }
}

/// <summary>An object as bytes, so that no two readers share a tree.</summary>
internal sealed record Stored(byte[] Json, long Version)
{
    public JsonObject Read() => JsonNode.Parse(Json)!.AsObject();
}

internal sealed record Change(long Version, string Type, ResourceKind Kind, string Namespace, Stored Object, Stored? Before);
