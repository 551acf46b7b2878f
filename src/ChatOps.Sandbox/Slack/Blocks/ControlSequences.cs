using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>
/// Finds text that was not escaped: Slack accepts it and shows something else than was meant, so it is reported
/// to the test (<c>slack.Complaints</c>) and not to the app.
/// </summary>
internal static partial class ControlSequences
{
    public static IEnumerable<string> Complaints(string mrkdwn)
    {
        foreach (Match found in Angled().Matches(mrkdwn))
        {
            if (!Known().IsMatch(found.Value))
            {
                yield return $"'{found.Value}' is no control sequence: escape data with &lt; and &gt;";
            }
        }

        if (Ampersand().IsMatch(Angled().Replace(mrkdwn, "")))
        {
            yield return $"an unescaped & in '{Start(mrkdwn)}'";
        }

        if (Angled().Replace(mrkdwn, "").Contains('<', StringComparison.Ordinal))
        {
            yield return $"an unescaped < in '{Start(mrkdwn)}'";
        }
    }

    /// <summary>Every mrkdwn text object below a node.</summary>
    public static IEnumerable<string> MrkdwnIn(JsonNode? node) => node switch
    {
        JsonObject json when Findings.IsText(json["type"], out var type) && type == "mrkdwn" && Findings.IsText(json["text"], out var text) => [text],
        JsonObject json => json.SelectMany(property => MrkdwnIn(property.Value)),
        JsonArray items => items.SelectMany(MrkdwnIn),
        _ => [],
    };

    private static string Start(string text) => text.Length <= 60 ? text : text[..60];

    [GeneratedRegex("<[^<>\n]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Angled();

    [GeneratedRegex("^<(@[UW][A-Z0-9]+(\\|[^>]*)?|#[CG][A-Z0-9]+(\\|[^>]*)?|!subteam\\^S[A-Z0-9]+(\\|[^>]*)?|!(here|channel|everyone)(\\|[^>]*)?|!date\\^-?[0-9]+\\^[^|>]+\\|[^>]+|(https?://|mailto:|tel:)[^|>]+(\\|[^>]*)?)>$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();

    [GeneratedRegex("&(?!(amp|lt|gt);)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ampersand();
}
