using ChatOps.Core.Commands;
using CsCheck;

namespace ChatOps.Core.Tests.Commands;

/// <summary>Whatever is typed gets an answer, never an exception, and never a change that was not asked for.</summary>
public class AnyInputTests
{
    private static readonly string[] Pieces =
    [
        "pause", "extend", "own", "resume", "declare", "status", "apps", "add", "help", "gitops", "/incident", "note", "operator", "commander", "severity",
        "checkout", "shop/checkout", "ns:", "ns:x", "only", "for", "by", "until", "till", "because", "45m", "1h30m", "-1m", "14:30", "2026-11-23", "UTC", "Europe/Berlin",
        "99:99", "sev", "sev1", "sev9", "@", "@U42", "@@", "'", "\"", "“", "”", "`", "\"a b\"", "''", ",", "#", "#1", "\u202e", "\ud83d", "\udc00", "\u0000", "🔥", "ﬁ", "İ",
        "0001-01-01", "9999-12-31", "00:00", "23:59", "<why>", "?", "--help", "99999999999999999999",
    ];

    private static readonly Gen<string?> Zones = OneOf<string?>(null, "", "Europe/Berlin", "America/St_Johns", "x/../y", "\u0000");

    private static readonly Gen<string?> Programs = OneOf<string?>(null, "gitops", "incident", "", "/GitOps", "\ud83d");

    private static readonly Gen<DateTimeOffset> Moments =
        Gen.Long[DateTime.UnixEpoch.Ticks, new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Fact]
    public void Any_characters_at_all_get_an_answer() =>
        Gen.Select(Programs, Gen.Char.Array[0, 60].Select(characters => new string(characters)), Zones, Moments).Sample(Answered, iter: 5_000);

    [Fact]
    public void Any_words_of_ours_in_any_order_get_an_answer() =>
        Gen.Select(Programs, OneOf(Pieces).Array[0, 12].Select(words => string.Join(' ', words)), Zones, Moments).Sample(Answered, iter: 20_000);

    [Fact]
    public void Any_words_glued_together_get_an_answer() =>
        Gen.Select(Programs, OneOf(Pieces).Array[0, 6].Select(string.Concat), Zones, Moments).Sample(Answered, iter: 5_000);

    [Theory]
    [InlineData(100)]
    [InlineData(11_000)]
    [InlineData(200_000)]
    public void Long_input_gets_an_answer(int length)
    {
        foreach (var piece in new[] { "\"", "a ", "for ", "sev1 ", "apps ", "because for ", "a,", "`'\"“", "9", "\ud83d" })
        {
            Answered("gitops", "pause x " + string.Concat(Enumerable.Repeat(piece, length / piece.Length)), "UTC", DateTimeOffset.UnixEpoch);
            Answered("incident", "declare " + string.Concat(Enumerable.Repeat(piece, length / piece.Length)), "UTC", DateTimeOffset.UnixEpoch);
        }
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static void Answered(string? program, string text, string? zone, DateTimeOffset now)
    {
        var refusal = CommandLine.Parse(program, text, zone, now, out var command);

        if (refusal is not null)
        {
            Assert.IsType<Command.Help>(command);
            Assert.NotEqual("", refusal.Instead.ToString());
            return;
        }

        if (command is Command.Pause or Command.Extend)
        {
            var howLong = command is Command.Pause pause ? pause.Duration : ((Command.Extend)command).By;
            Assert.InRange(howLong.From(now), TimeSpan.FromTicks(1), Durations.Longest);
        }

        Assert.DoesNotContain(command.ToString(), character => character is '\u202e' or '\0');
    }
}
