namespace ChatOps.Sandbox.Cluster;

/// <summary>ClusterRoleBindings by whom they bind, kept up with the store: every request asks, and most of thousands bind somebody else.</summary>
internal sealed class BoundEverywhere(ClusterStore store)
{
    private static readonly ResourceKind Kind = ResourceKind.Named("clusterrolebindings");
    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<string, StoredBinding>> byHolder = new(StringComparer.Ordinal);
    private long seen = -1;

    public IReadOnlyList<StoredBinding> Of(Caller caller)
    {
        lock (gate)
        {
            Follow();
            return [.. caller.Groups.Select(GroupKey).Append(UserKey(caller.User)).Where(byHolder.ContainsKey).SelectMany(key => byHolder[key].Values).Distinct().OrderBy(binding => binding.Name, StringComparer.Ordinal)];
        }
    }

    private static string UserKey(string user) => $"user {user}";

    private static string GroupKey(string group) => $"group {group}";

    private void Follow()
    {
        try
        {
            var (changes, version, _) = store.ChangesSince(seen);
            foreach (var change in changes.Where(change => change.Kind == Kind))
            {
                if (change.Before is { } before)
                {
                    Forget(StoredBinding.Of(before));
                }

                if (change.Type != "DELETED")
                {
                    Note(StoredBinding.Of(change.Object));
                }
            }

            seen = version;
        }
        catch (ApiRefusal)
        {
            // What happened in between is forgotten there, as after a compaction.
            byHolder.Clear();
            var (items, version) = store.List(Kind, "");
            foreach (var stored in items)
            {
                Note(StoredBinding.Of(stored));
            }

            seen = version;
        }
    }

    private void Note(StoredBinding binding)
    {
        foreach (var key in Keys(binding))
        {
            (byHolder.TryGetValue(key, out var bindings) ? bindings : byHolder[key] = new(StringComparer.Ordinal))[binding.Name] = binding;
        }
    }

    private void Forget(StoredBinding binding)
    {
        foreach (var key in Keys(binding))
        {
            byHolder.GetValueOrDefault(key)?.Remove(binding.Name);
        }
    }

    private static IEnumerable<string> Keys(StoredBinding binding) =>
        binding.Subjects.Select(subject => subject.UserIn("") is { } user ? UserKey(user) : GroupKey(subject.Name));
}
