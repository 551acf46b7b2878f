using System.Net;
using System.Text.Json;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Tests.Web;

public class RecordPageTests
{
    internal static Books Story()
    {
        var books = new Books().With(Some.Incident());
        books.Tell(7, TimelineKind.Declared, "alice", "declared sev1 “Checkout 500s”", Some.Now);
        books.Tell(7, TimelineKind.Requested, "alice", "asked to pause checkout for 45 minutes", Some.Now.AddMinutes(2), Some.Id(1));
        books.Tell(7, TimelineKind.Approved, "bob", "approved", Some.Now.AddMinutes(4), Some.Id(1));
        books.Tell(7, TimelineKind.Paused, "chatops", "paused checkout", Some.Now.AddMinutes(5), Some.Id(101));
        books.Tell(7, TimelineKind.Holding, "chatops", "holding", Some.Now.AddMinutes(6), Some.Id(101));
        books.Tell(7, TimelineKind.Note, "bob", "error rate falls", Some.Now.AddMinutes(9), happened: Some.Now.AddMinutes(8));
        books.Operations.Add(Some.Operation(1, OperationState.Succeeded) with { Approvals = [new("bob", Some.Plan().Hash, Some.Now.AddMinutes(4))] });
        books.Leases.Add(Some.Lease());
        return books;
    }

    private static async Task<string> PageAsync(Books books)
    {
        await using var site = await Site.StartAsync(books);
        await site.SignInAsync();
        return WebUtility.HtmlDecode(await site.Browser.GetStringAsync("/incidents/7"));
    }

    [Fact]
    public async Task An_override_shows_what_is_known_whose_it_is_and_when_it_ends_in_utc_and_in_the_readers_zone()
    {
        var page = await PageAsync(Story());

        Assert.Contains("Ends in <strong>40 minutes</strong>", page);
        Assert.Contains("14:50 UTC", page);
        Assert.Contains("15:50 Berlin", page);
        Assert.Contains("holding since", page);
        Assert.Contains("<dt>Owner</dt><dd>Alice Ames</dd>", page);
        Assert.Contains("https://argocd.example.org/applications/argocd/checkout", page);
    }

    [Fact]
    public async Task What_was_learned_later_says_so()
    {
        var page = await PageAsync(Story());

        Assert.Equal(1, Markup.Count(page, "class=\"learned\""));
        Assert.True(Markup.Has(page, "14:08 UTC.*learned.*14:09 UTC"));
    }

    [Fact]
    public async Task An_override_that_is_over_has_the_commands_that_do_again_what_hands_did_whole()
    {
        var command = $"kubectl patch configmap web --patch-file /dev/stdin <<'EOF'\n{{\"data\":{{\"app.conf\":\"  a  <b>\\n{new string('x', 30_000)}\"}}}}\nEOF";
        var books = Story();
        books.Leases[0] = books.Leases[0] with { State = LeaseState.Ended, Hands = [new("ConfigMap", "shop", "web", [new("/data/app.conf", "a", "b", DriftClass.Changed, "kubectl", Some.Now)]) { PutBack = command }] };

        var page = await PageAsync(books);
        Assert.Contains($"<h4>ConfigMap/web</h4><pre>{command}</pre>", page, StringComparison.Ordinal);
        Assert.True(Markup.Has(page, @"\.again pre\{white-space:pre-wrap;"));
    }

    /// <summary>Whoever copies a command out of the timeline copies its blanks and lines.</summary>
    [Fact]
    public async Task The_words_of_the_timeline_keep_their_blanks_and_lines()
    {
        const string Words = "Put back: kubectl patch <<'EOF'\n{\"app.conf\":\"  a\"}\nEOF";
        var books = Story();
        books.Tell(7, TimelineKind.Note, "alice", Words, Some.Now.AddMinutes(9));

        var page = await PageAsync(books);

        Assert.Contains($"""<p class="words">{Words}</p>""", page, StringComparison.Ordinal);
        Assert.True(Markup.Has(page, @"\.words\{[^}]*white-space:pre-wrap[;}]"));
    }

    [Fact]
    public async Task An_override_that_is_over_has_the_commands_that_delete_again_what_was_deleted()
    {
        var books = Story();
        books.Leases[0] = books.Leases[0] with { State = LeaseState.Ended, Hands = [new("Service", "shop", "web", [new("", "the whole resource", null, DriftClass.Deleted, null, null)]) { PutBack = "kubectl delete service web" }] };

        var page = await PageAsync(books);

        Assert.Contains("<summary>Changed by hand or deleted: the commands that do it again</summary><h4>Service/web, deleted by whom or what is not known</h4><pre>kubectl delete service web</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reloads_only_while_something_is_in_force_and_nothing_is_copied_from_it()
    {
        Assert.Contains("http-equiv=\"refresh\" content=\"15\"", await PageAsync(Story()));

        var copied = Story();
        copied.Leases[0] = copied.Leases[0] with { Hands = [new("ConfigMap", "shop", "web", []) { PutBack = "kubectl patch" }] };
        var still = await PageAsync(copied);
        Assert.DoesNotContain("http-equiv=\"refresh\"", still);
        Assert.Contains("it does not do so by itself while it has commands to copy", still);

        var over = Story();
        over.Leases[0] = over.Leases[0] with { State = LeaseState.Ended, EndedAt = Some.Now.AddMinutes(9), EndedBy = "alice" };
        var page = await PageAsync(over);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page);
        Assert.Contains("by Alice Ames", page);
    }

    [Fact]
    public async Task A_passed_deadline_and_a_missing_owner_stand_out()
    {
        var books = Story();
        books.Leases[0] = books.Leases[0] with { Deadline = Some.Now.AddMinutes(7), Owner = null, Escalations = 2 };

        var page = await PageAsync(books);

        Assert.Contains("Should have ended <strong>3 minutes</strong> ago", page);
        Assert.Contains("nobody: somebody must take it", page);
    }

    [Fact]
    public async Task An_open_request_shows_its_plan_and_the_votes_that_count()
    {
        var books = Story();
        var waiting = Some.Operation(2);
        books.Operations.Add(waiting with { Approvals = [new("bob", "the hash of a plan that moved", Some.Now)] });

        var page = await PageAsync(books);

        Assert.Contains("waits for approval", page);
        Assert.Contains("0 of 1 from commanders", page);
        Assert.Contains("/spec/syncPolicy/automated/enabled", page);
        Assert.Contains(waiting.Plan.Hash[..12], page);
    }

    [Fact]
    public async Task A_changed_record_is_shown_as_changed()
    {
        var books = Story();
        Assert.Contains("entries verify", await PageAsync(books));

        books.Entries[2] = books.Entries[2] with { By = "alice" };

        var page = await PageAsync(books);
        Assert.Contains("This record was changed after it was written", page);
        Assert.DoesNotContain("entries verify", page);
    }

    [Fact]
    public async Task Somebody_who_left_the_configuration_is_out_at_once_and_their_name_stays_in_the_record()
    {
        var books = Story();
        books.Tell(7, TimelineKind.Note, "zoe", "I was here", Some.Now.AddMinutes(9));
        await using var site = await Site.StartAsync(books);

        var link = site.Links.Create(new("zoe", []), 7, site.Time.GetUtcNow());
        await site.Browser.PostAsync(link.AbsolutePath, null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Browser.GetAsync("/incidents/7")).StatusCode);

        await site.SignInAsync();
        Assert.Contains("zoe", await site.Browser.GetStringAsync("/incidents/7"));
    }

    [Fact]
    public async Task The_timeline_as_json_can_be_verified_with_what_it_says_itself()
    {
        await using var site = await Site.StartAsync(Story());
        await site.SignInAsync();

        using var json = JsonDocument.Parse(await site.Browser.GetStringAsync("/incidents/7/timeline.json"));

        var root = json.RootElement;
        var hash = root.GetProperty("root").GetString()!;
        foreach (var entry in root.GetProperty("entries").EnumerateArray())
        {
            hash = TimelineJsonReader.Hash(hash, root.GetProperty("incident").GetInt32(), entry);
            Assert.Equal(hash, entry.GetProperty("hash").GetString());
        }

        Assert.Equal(6, root.GetProperty("count").GetInt32());
        Assert.Equal(hash, root.GetProperty("head").GetString());
    }

    [Fact]
    public async Task The_list_tells_open_from_closed()
    {
        var books = Story();
        books.With(Some.Incident(8, "Old one") with { State = IncidentState.Closed, ClosedAt = Some.Now });
        await using var site = await Site.StartAsync(books);
        await site.SignInAsync(incident: 7);
        await site.SignInAsync(incident: 8);

        var page = await site.Browser.GetStringAsync("/");

        Assert.True(Markup.Has(page, "(?s)<h2>Open</h2>.*Checkout 500s.*<h2>Closed</h2>.*Old one"));
    }
}
