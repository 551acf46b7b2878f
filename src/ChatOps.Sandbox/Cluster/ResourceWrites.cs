using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Create, replace, patch and delete, with everything that the API server adds or refuses on the way.</summary>
internal sealed class ResourceWrites(ClusterStore store, Rbac rbac, SimulatedApiServerOptions options)
{
    private static readonly ResourceKind Crds = ResourceKind.Named("customresourcedefinitions");
    private static readonly ResourceKind Namespaces = ResourceKind.Named("namespaces");

    public Stored Create(WriteRequest request, JsonObject body)
    {
        var kind = request.Kind;
        body = (JsonObject)body.DeepClone();
        var metadata = body["metadata"] as JsonObject ?? throw ApiRefusal.Invalid(kind, "", "metadata.name", "FieldValueRequired", "Required value: name or generateName is required");
        if (metadata["name"] is null && metadata["generateName"]?.GetValue<string>() is { } prefix)
        {
            metadata["name"] = prefix + NewUid()[^5..];
        }

        var name = metadata["name"]?.GetValue<string>() ?? throw ApiRefusal.Invalid(kind, "", "metadata.name", "FieldValueRequired", "Required value: name or generateName is required");
        if (kind.Namespaced && store.Find(Namespaces, "", request.Namespace) is null)
        {
            throw ApiRefusal.NotFound(Namespaces, request.Namespace);
        }

        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
        if (kind.Namespaced)
        {
            metadata["namespace"] = request.Namespace;
        }

        metadata["uid"] = NewUid();
        metadata["creationTimestamp"] = Timestamps.Write(store.Now);
        if (!request.Kind.HasNoGeneration)
        {
            metadata["generation"] = 1;
        }

        metadata.Remove("managedFields");
        if (kind.HasStatusSubresource && !request.IsMaster)
        {
            body.Remove("status");
        }

        DropEmpty(body);
        Admit(request, body, before: null);
        return Save(request with { Name = name }, before => before is null ? body : throw ApiRefusal.Exists(kind, name));
    }

    public Stored Replace(WriteRequest request, JsonObject body) => Change(request, current =>
    {
        if (body["metadata"]?["resourceVersion"]?.GetValue<string>() is { Length: > 0 } version && version != Version(current))
        {
            throw ApiRefusal.Conflict(request.Kind, request.Name);
        }

        return (JsonObject)body.DeepClone();
    });

    public Stored Patch(WriteRequest request, Func<JsonObject, JsonObject> patch) => Change(request, current =>
    {
        var next = patch(current);
        return Version(next) is { Length: > 0 } asked && asked != Version(current) ? throw ApiRefusal.Conflict(request.Kind, request.Name) : next;
    });

    /// <summary>An object with finalizers stays, marked, until the last of them is gone.</summary>
    public Stored Delete(WriteRequest request, JsonObject? preconditions)
    {
        return Save(request, before =>
        {
            var current = before ?? throw ApiRefusal.NotFound(request.Kind, request.Name);
            if (preconditions?["uid"]?.GetValue<string>() is { } uid && uid != current["metadata"]!["uid"]!.GetValue<string>())
            {
                throw ApiRefusal.Conflict(request.Kind, request.Name);
            }

            if (current["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
            {
                return null;
            }

            current["metadata"]!["deletionTimestamp"] ??= Timestamps.Write(store.Now);
            current["metadata"]!["deletionGracePeriodSeconds"] ??= 0;
            return current;
        });
    }

    private Stored Change(WriteRequest request, Func<JsonObject, JsonObject> change) => Save(request, before =>
    {
        var current = before ?? throw ApiRefusal.NotFound(request.Kind, request.Name);
        var next = change((JsonObject)current.DeepClone());
        Restore(request, current, next);
        DropEmpty(next);
        Admit(request, next, current);
        if (!JsonNode.DeepEquals(next, current))
        {
            if (!request.Kind.HasNoGeneration && Generational(request, current, next))
            {
                next["metadata"]!["generation"] = (current["metadata"]!["generation"]?.GetValue<long>() ?? 0) + 1;
            }

            FieldOwnership.Record(request.Kind, current, next, request.Writer, store.Now);
        }

        return next["metadata"]!["deletionTimestamp"] is not null && next["metadata"]!["finalizers"] is not JsonArray { Count: > 0 } ? null : next;
    });

    private Stored Save(WriteRequest request, Func<JsonObject?, JsonObject?> next)
    {
        if (request.DryRun)
        {
            var before = store.Find(request.Kind, request.Namespace, request.Name);
            var after = next(before?.Read());
            return after is null ? before! : new Stored(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(after), before?.Version ?? 0);
        }

        return store.Write(request.Kind, request.Namespace, request.Name, before =>
        {
            var after = next(before);
            if (after is not null && before is null)
            {
                FieldOwnership.Record(request.Kind, null, after, request.Writer, store.Now);
            }

            return after;
        });
    }

    /// <summary>What no caller may change: identity always, status on the main path, everything else on the status path.</summary>
    private static void Restore(WriteRequest request, JsonObject current, JsonObject next)
    {
        if (request.Kind.HasStatusSubresource)
        {
            var (from, to) = request.Subresource == "status" ? (next, current) : (current, next);
            if (from["status"] is { } status)
            {
                to["status"] = status.DeepClone();
            }

            if (request.Subresource == "status")
            {
                var result = (JsonObject)current.DeepClone();
                next.Clear();
                foreach (var (key, value) in result)
                {
                    next[key] = value?.DeepClone();
                }
            }
        }

        if (next["metadata"] is not JsonObject metadata)
        {
            next["metadata"] = metadata = [];
        }

        next["apiVersion"] = request.Kind.ApiVersion;
        next["kind"] = request.Kind.Kind;
        foreach (var key in new[] { "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "managedFields" })
        {
            metadata.Remove(key);
            if (current["metadata"]![key] is { } kept)
            {
                metadata[key] = kept.DeepClone();
            }
        }
    }

    /// <summary>Metadata has no empty maps and lists: one that lost its last entry is gone.</summary>
    private static void DropEmpty(JsonObject document)
    {
        var metadata = document["metadata"]!.AsObject();
        foreach (var key in new[] { "annotations", "labels", "finalizers", "ownerReferences" })
        {
            if (metadata[key] is JsonObject { Count: 0 } or JsonArray { Count: 0 } || (metadata.ContainsKey(key) && metadata[key] is null))
            {
                metadata.Remove(key);
            }
        }
    }

    private void Admit(WriteRequest request, JsonObject next, JsonObject? before)
    {
        if (request.Kind.IsCustom && store.Find(Crds, "", request.Kind.QualifiedName) is { } crd)
        {
            var dropped = Schema.Enforce(request.Kind, crd.Read(), next);
            if (dropped.Count > 0 && request.Strict)
            {
                throw ApiRefusal.Invalid(request.Kind, request.Name, "patch", "FieldValueInvalid", $"Invalid value: strict decoding error: {string.Join(", ", dropped.Select(field => $"unknown field \"{field}\""))}");
            }

            request.Warnings.AddRange(dropped.Select(field => $"unknown field \"{field}\""));
        }

        switch (request.Kind.Plural)
        {
            case "rolebindings" or "clusterrolebindings":
                if (before is not null && !JsonNode.DeepEquals(before["roleRef"], next["roleRef"]))
                {
                    throw ApiRefusal.Invalid(request.Kind, request.Name, "roleRef", "FieldValueInvalid", "Invalid value: cannot change roleRef");
                }

                rbac.DemandMayBind(request.Caller, next, request.Namespace);
                break;
            case "roles" or "clusterroles":
                rbac.DemandMayEscalate(request.Caller, next, request.Namespace);
                break;
            case "deployments":
                Deployments.Admit(request, next, before, options.PodsBecomeReady);
                break;
            case "jobs":
                Jobs.Admit(next, before, options.JobsEndAtOnce);
                break;
            case "services":
                Services.Admit(request, next);
                break;
        }
    }

    private static bool Generational(WriteRequest request, JsonObject current, JsonObject next)
    {
        IEnumerable<string> Keys(JsonObject document) => document.Select(entry => entry.Key);
        return Keys(current).Union(Keys(next)).Any(key =>
            key != "metadata" && !(request.Kind.HasStatusSubresource && key == "status") && !JsonNode.DeepEquals(current[key], next[key]));
    }

    private static string? Version(JsonObject document) => document["metadata"]?["resourceVersion"]?.GetValue<string>();

    private string NewUid() => Guid.CreateVersion7(store.Now).ToString();
}

/// <summary>One write as it came in: what it is about, who writes under which manager, and the warnings it earns.</summary>
internal sealed record WriteRequest(ResourceKind Kind, string Namespace, string Name, string Subresource, Caller Caller, Writer Writer, bool Strict, bool DryRun)
{
    public List<string> Warnings { get; } = [];

    public bool IsMaster => Caller.IsMaster;
}
