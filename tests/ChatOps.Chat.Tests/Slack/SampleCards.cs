using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>A card of each sort the product says, by the name of its golden directory.</summary>
internal static class SampleCards
{
    private static readonly ChatAccount Alice = new(ChatPlatform.Slack, "T1", "UALICE");
    private static readonly DateTimeOffset At = new(2026, 11, 23, 14, 30, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, Card> All { get; } = new Dictionary<string, Card>
    {
        ["incident"] = new("Incident 7: Checkout 500s", Tone.Alarm,
        [
            new Part.Facts([new("State", "Open"), new("Severity", Text.Of($"{"sev1":b}")), new("Operator", Text.Of($"{Alice}")), new("Since", Text.Of($"{At}"))]),
            new Part.Divider(),
            new Part.Footnote(Text.Of($"Record head {"9f2c_1a":code} at {At}")),
        ])
        { Summary = "Incident 7 is open: Checkout 500s" },
        ["approval"] = new("Pause checkout?", Tone.Waiting,
        [
            new Part.Paragraph(Text.Of($"{Alice} asks to pause {"argocd/checkout":code} until {At}. {new Run.GroupMention("SONCALL")} may approve.")),
            new Part.Verbatim("spec.syncPolicy.automated.enabled: (not set) -> false"),
            new Part.Buttons(
            [
                new("Approve", "token-1", ButtonStyle.Primary), new("Deny", "token-2", ButtonStyle.Danger) { Confirm = "Nothing will be paused." },
                new("Open", "", ButtonStyle.Plain) { Link = new("https://chatops.example.com/incidents/7") },
            ]),
        ]),
        ["hostile"] = new("<!channel> *bold* \u202eevil", Tone.Warning,
        [
            new Part.Paragraph(Text.Of($"{"<!here> <https://evil|ok> & `code` *b*"} {new Run.Link(new("https://x.example/?a=<b>|c"), "a|b> *c*")}")),
            new Part.Verbatim("```\n<@U1> </pre>"),
            new Part.Footnote(Text.Of($"{"<!channel> _x_ :white_check_mark: `q`"} plain & <b> {new Run.Mention(new(ChatPlatform.Slack, "T1", "U1>|<!here"))}")),
            new Part.Buttons([new("<!channel>", "token-3")]),
        ]),
        ["empty"] = new("", Tone.Neutral, []),
        ["long"] = new(new('t', 400), Tone.Good, [new Part.Paragraph(string.Join(' ', Enumerable.Repeat("word", 4000))), new Part.Buttons([new(new('b', 100), "token-4")])]),
    };
}
