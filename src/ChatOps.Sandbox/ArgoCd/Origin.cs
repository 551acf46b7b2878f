using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Where manifests come from: the one source of an Application (or of an operation, or of a history entry), or its several.</summary>
internal sealed record Origin(IReadOnlyList<JsonObject> Sources, bool IsSeveral)
{
    /// <summary>The revision that each source asks for by itself.</summary>
    public IReadOnlyList<string> Asked => [.. Sources.Select(source => source["targetRevision"]?.GetValue<string>() is { Length: > 0 } asked ? asked : "HEAD")];

    /// <summary>Null when the holder names none; an empty source beside several, as the real one's history has it, is none.</summary>
    public static Origin? In(JsonObject? holder)
    {
        if (holder?["sources"] is JsonArray { Count: > 0 } several)
        {
            return new([.. several.OfType<JsonObject>()], IsSeveral: true);
        }

        return holder?["source"] is JsonObject { Count: > 0 } single ? new([single], IsSeveral: false) : null;
    }

    public void WriteTo(JsonObject holder)
    {
        holder["source"] = IsSeveral ? new JsonObject { ["repoURL"] = "" } : Sources[0].DeepClone();
        if (IsSeveral)
        {
            holder["sources"] = new JsonArray([.. Sources.Select(source => source.DeepClone())]);
        }
    }

    public bool IsThatOf(JsonObject? holder) => In(holder) is { } other && other.IsSeveral == IsSeveral
        && other.Sources.Count == Sources.Count && other.Sources.Zip(Sources).All(pair => JsonNode.DeepEquals(pair.First, pair.Second));
}

/// <summary>What each source is at: commits, or before they are resolved branches and tags.</summary>
internal sealed record Revisions(IReadOnlyList<string> All, bool IsSeveral)
{
    /// <summary>Null when the holder names none.</summary>
    public static Revisions? In(JsonObject? holder)
    {
        if (holder?["revisions"] is JsonArray { Count: > 0 } several)
        {
            return new([.. several.Select(revision => revision!.GetValue<string>())], IsSeveral: true);
        }

        return holder?["revision"]?.GetValue<string>() is { Length: > 0 } single ? new([single], IsSeveral: false) : null;
    }

    public void WriteTo(JsonObject holder)
    {
        if (IsSeveral)
        {
            holder["revisions"] = new JsonArray([.. All.Select(revision => (JsonNode)revision)]);
        }
        else
        {
            holder["revision"] = All[0];
        }
    }

    public bool AreThoseOf(JsonObject? holder) => In(holder) is { } other && other.IsSeveral == IsSeveral && other.All.SequenceEqual(All);

    /// <summary>As events and messages name it: nothing, when there are several.</summary>
    public override string ToString() => IsSeveral ? "" : All[0];
}
