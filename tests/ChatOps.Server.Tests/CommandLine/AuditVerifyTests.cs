using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.Timeline;
using ChatOps.Server.CommandLine;
using ChatOps.Server.Tests.Web;

namespace ChatOps.Server.Tests.CommandLine;

public class AuditVerifyTests
{
    private readonly Books books = RecordPageTests.Story();
    private string? card;

    public AuditVerifyTests()
    {
        books.Messages.Add(new(MessageKey.Incident(7), new(Some.Channel, "1.1", null), Some.Now));
        card = $"Incident 7 · record 6 / {Chain.Abbreviate(books.Incidents[7].Head)}";
    }

    private async Task<(int Code, string Text)> VerifyAsync(string line = "audit verify")
    {
        var terminal = new Terminal(new AuditVerify(() => books, () => [new CardOnly(() => card)]));
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
