using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Label and field selectors, in the forms that clients of this cluster send.</summary>
internal sealed class Selection(string? labels, string? fields)
{
    public bool Matches(JsonObject candidate) => Terms(labels).All(term => LabelHolds(candidate, term)) && Terms(fields).All(term => FieldHolds(candidate, term));

    public bool IsEverything => string.IsNullOrEmpty(labels) && string.IsNullOrEmpty(fields);

    private static IEnumerable<string> Terms(string? selector)
    {
        var depth = 0;
        var start = 0;
        for (var index = 0; index < (selector?.Length ?? 0); index++)
        {
            depth += selector![index] switch { '(' => 1, ')' => -1, _ => 0 };
            if (selector[index] == ',' && depth == 0)
            {
                yield return selector[start..index].Trim();
                start = index + 1;
            }
        }

        if (!string.IsNullOrEmpty(selector))
        {
            yield return selector[start..].Trim();
        }
    }

    private static bool LabelHolds(JsonObject candidate, string term)
    {
        string? Value(string key) => candidate["metadata"]?["labels"]?[key.Trim()]?.GetValue<string>();
        if (term.IndexOf(" in (", StringComparison.Ordinal) is var within and > 0)
        {
            var isNot = term.IndexOf(" notin (", StringComparison.Ordinal) > 0;
            var key = isNot ? term[..term.IndexOf(" notin (", StringComparison.Ordinal)] : term[..within];
            var values = term[(term.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(',').Select(value => value.Trim());
            return values.Contains(Value(key)) != isNot;
        }

        return Comparison(term) switch
        {
            ({ } key, { } wanted, var equal) => (Value(key) == wanted) == equal,
            _ => term.StartsWith('!') ? Value(term[1..]) is null : Value(term) is not null,
        };
    }

    private static bool FieldHolds(JsonObject candidate, string term)
    {
        var (key, wanted, equal) = Comparison(term);
        JsonNode? node = candidate;
        foreach (var step in key?.Split('.') ?? [])
        {
            node = node?[step];
        }

        return ((node?.ToString() ?? "") == wanted) == equal;
    }

    private static (string? Key, string? Value, bool Equal) Comparison(string term)
    {
        var different = term.IndexOf("!=", StringComparison.Ordinal);
        if (different > 0)
        {
            return (term[..different], term[(different + 2)..], false);
        }

        var same = term.IndexOf('=', StringComparison.Ordinal);
        return same > 0 ? (term[..same], term[(same + 1)..].TrimStart('='), true) : (null, null, true);
    }
}
