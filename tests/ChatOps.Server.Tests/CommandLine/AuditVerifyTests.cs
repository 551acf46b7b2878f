using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Timeline;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Tests.Web;

namespace ChatOps.Server.Tests.CommandLine;

public class AuditVerifyTests
{
    private readonly Books books = RecordPageTests.Story();
    private readonly List<string> lines = [];
    private string? card;

    public AuditVerifyTests()
    {
        books.Messages.Add(new(MessageKey.Incident(7), new(Some.Channel, "1.1", null), Some.Now));
        card = $"Incident 7 · record 6 / {Chain.Abbreviate(books.Incidents[7].Head)}";
    }

    private async Task<(int Code, string Text)> VerifyAsync(string line = "audit verify 7")
    {
        var terminal = new Terminal(new AuditVerify(() => books, () => [new ThreadOnly(() => card is null ? null : [new("1.1", card), .. lines.Select((line, i) => new Spoken($"2.{i}", line))])]));
        return (await terminal.RunAsync(line), terminal.Out.ToString());
    }

    [Fact]
    public async Task A_whole_record_verifies_and_says_what_it_was_compared_with()
    {
        var (code, text) = await VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("6 entries", text);
        Assert.Contains("shows the same head", text);
    }

    [Fact]
    public async Task An_edited_a_dropped_a_moved_and_a_cut_off_entry_are_found()
    {
        var whole = books.Entries.ToList();
        Action[] crimes =
        [
            () => books.Entries[1] = books.Entries[1] with { Text = "asked nicely" },
            () => books.Entries.RemoveAt(2),
            () => (books.Entries[2], books.Entries[3]) = (books.Entries[3], books.Entries[2]),
            () => books.Entries.RemoveAt(5),
            () => books.Entries[0] = books.Entries[0] with { LearnedAt = Some.Now.AddHours(1) },
        ];
        foreach (var commit in crimes)
        {
            books.Entries.Clear();
            books.Entries.AddRange(whole);
            commit();

            Assert.Equal(1, (await VerifyAsync("audit verify 7")).Code);
        }
    }

    [Fact]
    public async Task A_record_that_was_rewritten_and_hashed_anew_is_found_by_what_the_thread_shows()
    {
        books.Entries.Clear();
        books.With(Some.Incident()).Tell(7, TimelineKind.Declared, "alice", "nothing happened", Some.Now);

        var (code, text) = await VerifyAsync();

        Assert.Equal(1, code);
        Assert.Contains("which no entry of this record has", text);
    }

    [Fact]
    public async Task A_record_whose_end_was_cut_off_with_its_count_is_found_by_what_the_thread_shows()
    {
        books.Entries.RemoveAt(5);
        books.With(books.Incidents[7] with { Entries = 5, Head = books.Entries[4].Hash });

        Assert.Equal(1, (await VerifyAsync()).Code);
    }

    /// <summary>The bot edits its card with the next entry, so that the card knows nothing of what was cut off before it.</summary>
    [Fact]
    public async Task A_record_that_was_cut_off_and_went_on_is_found_by_the_lines_of_the_thread()
    {
        lines.AddRange(books.Entries.Select(Line));
        Assert.Equal(0, (await VerifyAsync()).Code);
        Cut(to: 4);

        var (code, text) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains("shows entry 5 as", text);
        Assert.Contains("shows entry 6 as", text);
        Assert.Contains("the record ends with entry 4", text);

        books.Tell(7, TimelineKind.Note, "bob", "as if nothing had been", Some.Now.AddMinutes(20));
        lines.Add(Line(books.Entries[^1]));
        card = $"Incident 7 · head {Chain.Abbreviate(books.Incidents[7].Head)}";
        (code, text) = await VerifyAsync();
        Assert.Equal(1, code);
        Assert.Contains("shows the same head", text);
        Assert.Contains($"it is {Chain.Abbreviate(books.Entries[4].Hash)} here", text);
    }

    [Fact]
    public async Task What_was_said_before_a_restore_and_is_lost_is_no_fault_and_what_is_missing_since_is()
    {
        lines.AddRange(books.Entries.Select(Line));
        Cut(to: 4);
        books.Tell(7, TimelineKind.RecordRestored, "chatops", "put back from a backup", Some.Now.AddMinutes(20)).Tell(7, TimelineKind.Note, "bob", "so I see", Some.Now.AddMinutes(21));
        lines.AddRange(books.Entries.Skip(4).Select(Line));
        card = $"Incident 7 · head {Chain.Abbreviate(books.Incidents[7].Head)}";

        var (code, text) = await VerifyAsync();
        Assert.Equal(0, code);
        Assert.Contains("6 of the 8 lines in the thread (Slack C1) are in the record, and 2 were said before", text);

        Cut(to: 5);
        Assert.Equal(1, (await VerifyAsync()).Code);
    }

    [Fact]
    public async Task A_line_that_somebody_quotes_or_that_is_another_incidents_is_not_compared()
    {
        lines.AddRange(["record 7.99 · 0123456789ab\nrecord 7.1 · " + Chain.Abbreviate(books.Entries[0].Hash), "record 8.1 · 0123456789ab", "see record 7.98 · 0123456789ab"]);

        Assert.Equal(0, (await VerifyAsync()).Code);
    }

    [Fact]
    public async Task A_number_without_its_incident_is_named_and_one_that_a_restore_skipped_is_no_fault()
    {
        foreach (var number in Enumerable.Range(1, 9).Except([7, 8]))
        {
            books.With(Some.Incident(number)).Tell(number, TimelineKind.Declared, "alice", "declared", Some.Now);
        }

        var (code, text) = await VerifyAsync("audit verify");
        Assert.Equal(1, code);
        Assert.Contains("✗ #8: there is no such incident", text);

        books.With(Some.Incident(8)).Tell(8, TimelineKind.Declared, "alice", "declared", Some.Now);
        Assert.Equal(0, (await VerifyAsync("audit verify")).Code);

        books.With(Some.Incident(101)).Tell(101, TimelineKind.Declared, "alice", "declared", Some.Now);
        (code, text) = await VerifyAsync("audit verify");
        Assert.Equal(0, code);
        Assert.Contains("#10 to #100: not given, or lost", text);
    }

    [Fact]
    public async Task A_card_that_is_only_behind_is_no_fault()
    {
        books.Tell(7, TimelineKind.Note, "bob", "the outbox still has this", Some.Now.AddMinutes(20));

        var (code, text) = await VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("1 later entries are not shown there yet", text);
    }

    [Fact]
    public async Task A_card_that_may_not_be_read_is_said_and_no_fault()
    {
        card = null;

        var (code, text) = await VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("not compared with the thread", text);
    }

    [Fact]
    public async Task A_head_that_somebody_noted_is_compared()
    {
        Assert.Equal(0, (await VerifyAsync($"audit verify 7 --head {Chain.Abbreviate(books.Incidents[7].Head)}")).Code);
        Assert.Equal(1, (await VerifyAsync("audit verify 7 --head 000000000000")).Code);
    }

    private static string Line(TimelineEntry entry) => $"somebody did something\nrecord 7.{entry.Number} · {Chain.Abbreviate(entry.Hash)}";

    private void Cut(int to)
    {
        books.Entries.RemoveRange(to, books.Entries.Count - to);
        books.With(books.Incidents[7] with { Entries = to, Head = books.Entries[to - 1].Hash });
    }

    [Fact]
    public async Task An_export_holds_the_incident_its_hashes_its_operations_and_its_leases()
    {
        var terminal = new Terminal(new IncidentExport(() => books));

        Assert.Equal(0, await terminal.RunAsync("incident export 7"));

        using var json = JsonDocument.Parse(terminal.Out.ToString());
        Assert.Equal("Checkout 500s", json.RootElement.GetProperty("incident").GetProperty("title").GetString());
        Assert.Equal(6, json.RootElement.GetProperty("timeline").GetProperty("entries").GetArrayLength());
        Assert.Equal("Succeeded", json.RootElement.GetProperty("operations")[0].GetProperty("state").GetString());
        Assert.Equal("alice", json.RootElement.GetProperty("leases")[0].GetProperty("owner").GetString());
    }
}
