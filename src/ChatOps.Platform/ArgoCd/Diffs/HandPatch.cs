using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// What hands did to one object, as a command that does it again after it was overwritten. A patch and not the object: what
/// others change meanwhile stays theirs. Pure.
/// </summary>
internal static class HandPatch
{
    /// <summary>What is longer is read from standard input: a system has bounds for an argument. (A terminal may cut a long line there too; then kubectl refuses what is no JSON.)</summary>
    private const int LongestLine = 4000;

    /// <summary>A patch is kept with an incident, which must not grow without bound.</summary>
    private const int Longest = 64 * 1024;

    /// <summary>The API server's own groups, which alone know strategic patches; the suffix does not tell them from custom ones such as gateway.networking.k8s.io.</summary>
    private static readonly string[] BuiltIn =
    [
        "", "apps", "batch", "autoscaling", "policy", "extensions", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io", "scheduling.k8s.io", "node.k8s.io",
        "discovery.k8s.io", "coordination.k8s.io", "events.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io", "flowcontrol.apiserver.k8s.io", "resource.k8s.io",
        "apiextensions.k8s.io", "apiregistration.k8s.io",
    ];

    /// <summary>Fields by which Kubernetes tells elements of a list apart, one or several at a time.</summary>
    private static readonly string[] Identity = ["name", "containerPort", "port", "protocol", "mountPath", "devicePath", "ip", "topologyKey"];

    /// <returns>No command when there is nothing to put back, or none of it can be; and the fields, each with why it is in none.</returns>
    /// <param name="target">Git's side; absent where it is not known.</param>
    public static (string? Command, IReadOnlyList<Drift> Fields) Of(JsonElement live, JsonElement target, IReadOnlyList<FieldDrift> found)
    {
        var (kind, version, name) = (live.Text("kind") ?? "", live.Text("apiVersion") ?? "", live.Text("metadata", "name") ?? "");
        var isBuiltIn = BuiltIn.Contains(version.Split('/') is [var group, _] ? group : "");
        (JsonObject Patch, bool[] Said) Patch(Func<int, bool> which)
        {
            var patch = new JsonObject();
            return (patch, [.. found.Select((one, at) => one.Drift.IsByHand && which(at) && !Masking.Hides(kind, one.Path, one.Path.In(live)) && Write(patch, kind, one.Path, live, target, isBuiltIn))]);
        }

        var (whole, said) = Patch(_ => true);
        var json = Json(whole);
        var kept = said;
        if (json.Length > Longest)
        {
            // The shortest first: one long field must not take the others with it. Together they are no longer than one by one.
            var room = Longest;
            var alone = said.Select((isSaid, at) => (At: at, Length: isSaid ? Json(Patch(other => other == at).Patch).Length : 0)).Where(one => said[one.At]);
            var fits = alone.OrderBy(one => one.Length).TakeWhile(one => (room -= one.Length) >= 0).Select(one => one.At).ToHashSet();
            (whole, kept) = Patch(fits.Contains);
            json = Json(whole);
        }

        Drift[] fields = [.. found.Select((one, at) => !one.Drift.IsByHand || kept[at] ? one.Drift : one.Drift with { NoWay = said[at] ? NoWayBack.TooLong : NoWayBack.Secret })];
        if (!kept.Contains(true) || kind.Length == 0 || !CanBeNamed(name))
        {
            return (null, fields);
        }

        var ns = live.Text("metadata", "namespace") is { Length: > 0 } place ? $" --namespace {place}" : "";
        return (Command($"kubectl patch {Resource(kind, version)} {Word(name)}{ns} --type {(isBuiltIn ? "strategic" : "merge")}", json), fields);
    }

    /// <summary>For an object that was deleted: null where no command can name it. All of it is what the application's status says, which whoever may patch the application can write.</summary>
    public static string? Delete(string kind, string version, string ns, string name) =>
        !CanBeNamed(kind) || version.Length == 0 || !CanBeNamed(name) || ns.StartsWith('-') ? null : $"kubectl delete {Word(Resource(kind, version))} {Word(name)}{(ns.Length > 0 ? $" --namespace {Word(ns)}" : "")}";

    private static string Command(string patch, string json)
    {
        var line = $"{patch} --patch {Quoted(json)}";
        return line.Length <= LongestLine ? line : $"{patch} --patch-file /dev/stdin <<'EOF'\n{json}\nEOF"; // JSON has no line breaks of its own
    }

    private static bool CanBeNamed(string name) => name.Length > 0 && !name.StartsWith('-'); // that would be an option of kubectl

    /// <summary>Roles may be called what they like, blanks and line breaks included.</summary>
    internal static string Word(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':') ? name : Quoted(name);

    internal static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>In ASCII: a chat takes out what nobody sees, and what is pasted from there would be something else.</summary>
    private static string Json(JsonObject patch) => string.Concat(patch.ToJsonString(Plain).Select(unit => unit <= '~' ? $"{unit}" : $"\\u{(int)unit:X4}"));

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Resource(string kind, string version) =>
        version.Split('/') is [var group, var of] ? $"{kind.ToLowerInvariant()}.{of}.{group}" : kind.ToLowerInvariant();

    /// <returns>False: it cannot be said without something secret.</returns>
    private static bool Write(JsonObject patch, string kind, FieldPath path, JsonElement live, JsonElement target, bool isBuiltIn)
    {
        var current = patch;
        for (var length = 1; length <= path.Segments.Count; length++)
        {
            var (segment, isLast) = (path.Segments[length - 1], length == path.Segments.Count);
            var here = new FieldPath([.. path.Segments.Take(length)]);
            if (length < path.Segments.Count && path.Segments[length].Key is not null)
            {
                if (!isBuiltIn)
                {
                    if (Masking.Hides(kind, here, here.In(live)))
                    {
                        return false;
                    }

                    current[segment.Name] = Node(here.In(live)); // a merge patch knows no elements, only whole lists
                    return true;
                }

                var (element, isDeleted) = Element(current, segment.Name, path, length, live, target);
                if (isDeleted)
                {
                    return true;
                }

                current = element;
                length++; // the element is the next step
                if (length == path.Segments.Count)
                {
                    Fill(element, path.In(live));
                }
            }
            else if (isLast)
            {
                current[segment.Name] = Node(here.In(live));
            }
            else
            {
                current = current[segment.Name] as JsonObject ?? Add(current, segment.Name, new JsonObject());
            }
        }

        return true;
    }

    /// <summary>The element of the list, named as Kubernetes wants it named; marked as deleted where hands took it out.</summary>
    private static (JsonObject Element, bool IsDeleted) Element(JsonObject parent, string list, FieldPath path, int length, JsonElement live, JsonElement target)
    {
        var at = new FieldPath([.. path.Segments.Take(length + 1)]);
        var (inLive, inTarget) = (at.In(live), at.In(target));
        var elements = parent[list] as JsonArray ?? Add(parent, list, new JsonArray());
        var identity = Identity.Select(field => (Field: field, Value: (inLive.IsObject ? inLive : inTarget).At(field))).Where(one => !SameValue.IsNothing(one.Value)).ToList();
        var known = elements.OfType<JsonObject>().FirstOrDefault(element => identity.TrueForAll(one => CanonicalJson.Of(Element(element[one.Field])) == CanonicalJson.Of(one.Value)));
        if (known is not null)
        {
            return (known, known.ContainsKey("$patch"));
        }

        var added = new JsonObject();
        identity.ForEach(one => added[one.Field] = Node(one.Value));
        elements.Add(added);
        if (inLive.IsObject)
        {
            return (added, false);
        }

        added["$patch"] = "delete";
        return (added, true);
    }

    private static void Fill(JsonObject element, JsonElement live)
    {
        foreach (var field in live.IsObject ? live.EnumerateObject().ToList() : [])
        {
            element[field.Name] = Node(field.Value);
        }
    }

    private static T Add<T>(JsonObject parent, string name, T child)
        where T : JsonNode
    {
        parent[name] = child;
        return child;
    }

    private static JsonElement Element(JsonNode? node) => node is null ? default : JsonSerializer.SerializeToElement(node);

    private static JsonNode? Node(JsonElement value) => value.IsAbsent ? null : JsonNode.Parse(value.GetRawText());
}
