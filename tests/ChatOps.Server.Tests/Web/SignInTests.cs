using System.Net;

namespace ChatOps.Server.Tests.Web;

public class SignInTests
{
    private static Books TwoIncidents() => new Books().With(Some.Incident(7)).With(Some.Incident(8, "Search is slow"));

    [Fact]
    public async Task What_to_type_in_chat_is_told_by_the_names_that_the_workspace_has_for_it()
    {
        await using var site = await Site.StartAsync(new Books(), slack: new() { Commands = new() { Incident = "/inc" } });

        foreach (var path in new[] { "/incidents/7", "/sign-in/nothing" })
        {
            Assert.Contains("<code>/inc status</code>", await (await site.Browser.GetAsync(path)).Content.ReadAsStringAsync());
        }

        await site.SignInAsync();
        Assert.Contains("<code>/inc declare", await site.Browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_link_lets_its_person_in_to_its_incident()
    {
        await using var site = await Site.StartAsync(TwoIncidents());

        var answer = await site.Browser.PostAsync(site.Link("alice", 7), null);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/incidents/7", answer.Headers.Location!.OriginalString);
        Assert.Contains("Checkout 500s", await site.Browser.GetStringAsync("/incidents/7"));
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites_and_of_plain_http()
    {
        await using var site = await Site.StartAsync(TwoIncidents(), publicUrl: "https://chatops.example.org");

        var answer = await site.Browser.PostAsync(site.Link("alice", 7), null);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie")).ToLowerInvariant();
        Assert.StartsWith("__host-", cookie);
        Assert.Contains("; httponly", cookie);
        Assert.Contains("; secure", cookie);
        Assert.Contains("; samesite=lax", cookie);
    }

    [Fact]
    public async Task A_sign_in_to_one_incident_opens_no_other()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        await site.SignInAsync(incident: 7);

        foreach (var path in new[] { "/incidents/8", "/incidents/8/timeline.json", "/incidents/999" })
        {
            var answer = await site.Browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("Search is slow", await answer.Content.ReadAsStringAsync());
        }

        Assert.DoesNotContain("Search is slow", await site.Browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_second_link_adds_its_incident_for_the_same_person_and_replaces_another_person()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        await site.SignInAsync("alice", 7);
        await site.SignInAsync("alice", 8);
        Assert.Equal(HttpStatusCode.OK, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.Browser.GetAsync("/incidents/8")).StatusCode);

        await site.SignInAsync("bob", 8);

        Assert.Equal(HttpStatusCode.Forbidden, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Looking_at_a_link_does_not_use_it_up_and_signs_nobody_in(string method)
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        var link = site.Link("alice", 7);

        var looked = await site.Browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), link));

        Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
        Assert.False(looked.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await site.Browser.PostAsync(link, null)).StatusCode);
    }

    [Fact]
    public async Task A_link_works_once_also_for_two_at_the_same_moment()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        var link = site.Link("alice", 7);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => site.NewBrowser().PostAsync(link, null)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.SeeOther);
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.Gone && !answer.Headers.Contains("Set-Cookie")));
        Assert.Contains("/incident status", await (await site.Browser.GetAsync(link)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_used_link_stays_used_and_a_fresh_one_stays_good_across_a_restart()
    {
        var keys = Directory.CreateTempSubdirectory("chatops-keys-").FullName;
        string used, fresh;
        await using (var before = await Site.StartAsync(TwoIncidents(), keys: keys))
        {
            used = before.Link("alice", 7);
            fresh = before.Link("alice", 7);
            await before.Browser.PostAsync(used, null);
        }

        await using var after = await Site.StartAsync(TwoIncidents(), keys: keys);

        Assert.Equal(HttpStatusCode.Gone, (await after.Browser.PostAsync(used, null)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await after.Browser.PostAsync(fresh, null)).StatusCode);
        Directory.Delete(keys, recursive: true);
    }

    [Fact]
    public async Task A_link_expires_after_ten_minutes_and_the_page_says_how_to_get_another()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        var link = site.Link("alice", 7);
        site.Time.Advance(TimeSpan.FromMinutes(10));

        var answer = await site.Browser.PostAsync(link, null);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Contains("/incident status", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_ends_after_eight_hours()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        await site.SignInAsync();

        site.Time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
        site.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(HttpStatusCode.OK, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
    }

    [Fact]
    public async Task A_forged_cut_or_foreign_link_is_refused()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        await using var other = await Site.StartAsync(TwoIncidents());
        var link = site.Link("alice", 7);
        var flipped = link[..^8] + (link[^8] == 'A' ? 'B' : 'A') + link[^7..];

        foreach (var bad in new[] { flipped, link[..^6], "/sign-in/abc", "/sign-in/%3Cscript%3E", other.Link("alice", 7) })
        {
            var answer = await site.Browser.PostAsync(bad, null);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Another_sites_page_cannot_press_the_button()
    {
        await using var site = await Site.StartAsync(TwoIncidents());
        using var request = new HttpRequestMessage(HttpMethod.Post, site.Link("alice", 7));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await site.Browser.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Without_a_sign_in_nobody_learns_whether_an_incident_exists()
    {
        await using var site = await Site.StartAsync(TwoIncidents());

        var there = await site.Browser.GetAsync("/incidents/7");
        var notThere = await site.Browser.GetAsync("/incidents/999");

        Assert.Equal(HttpStatusCode.Unauthorized, there.StatusCode);
        Assert.Equal(await there.Content.ReadAsStringAsync(), await notThere.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Loopback_is_no_way_in_unless_the_sandbox_says_so_and_then_only_under_its_own_name()
    {
        await using var sandbox = await Site.StartAsync(TwoIncidents(), ChatOps.Server.Web.RecordAccess.NobodyOnLoopback);
        Assert.Equal(HttpStatusCode.OK, (await sandbox.Browser.GetAsync("/incidents/7")).StatusCode);

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/incidents/7");
        rebound.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Unauthorized, (await sandbox.Browser.SendAsync(rebound)).StatusCode);
    }
}
