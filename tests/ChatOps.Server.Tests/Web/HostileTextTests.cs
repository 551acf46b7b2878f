using System.Net;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Tests.Web;

public class HostileTextTests
{
    private const string Evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></title></style><svg onload=alert(1)> &lt;b&gt; javascript:alert(1)";

    [Fact]
    public async Task Nobodys_words_become_markup_anywhere_on_the_page()
    {
        var application = new ApplicationRef("prod", "argocd\"><script>", "check\"'><script>alert(2)</script>");
        var books = new Books().With(Some.Incident(7, Evil) with { DeclaredBy = Evil, Operator = Evil, Commander = Evil, Scope = [application] });
        foreach (var kind in Enum.GetValues<TimelineKind>())
        {
            books.Tell(7, kind, Evil, Evil, Some.Now.AddMinutes(1), Some.Id(101));
        }

        var plan = Some.Plan() with { Target = new ApplicationTarget(application, Evil, Evil, Evil, Evil, Evil), Changes = [new(Evil, Evil, Evil)] };
        var open = Some.Operation(2, OperationState.AwaitingApproval, Evil, plan);
        books.Operations.Add(open with
        {
            RequestedBy = Evil,
            Approvals = [new(Evil, plan.Hash, Some.Now)],
            Authority = open.Authority with { Rule = Evil, PolicyVersion = Evil, KubernetesUser = Evil, ApproverRole = Evil },
        });
        books.Leases.Add(Some.Lease(1, Evil, application) with { Owner = Evil, Before = new(Evil, Evil, null) });
        await using var site = await Site.StartAsync(books);
        await site.SignInAsync();

        foreach (var path in new[] { "/", "/incidents/7" })
        {
            var page = await site.Browser.GetStringAsync(path);

            Assert.False(Markup.Has(page, "<(script|img|iframe|object|b)[ >]"));
            Assert.False(Markup.Has(Markup.WithoutQuotedValues(page), "<[a-z][^>]*\\son[a-z]+\\s*="));
            Assert.DoesNotContain("href=\"javascript:", page);
            Assert.Equal(1, Markup.Count(page, "</title>\\s*<link"));
            Assert.Equal(1, Markup.Count(page, "</style>"));
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page);
        }
    }

    [Fact]
    public async Task Every_answer_forbids_scripts_frames_referrers_and_caches()
    {
        await using var site = await Site.StartAsync(RecordPageTests.Story());
        var link = site.Link("alice", 7);
        await site.SignInAsync();

        foreach (var path in new[] { "/", "/incidents/7", "/incidents/8", "/incidents/7/timeline.json", link, "/sign-in/forged", "/nothing" })
        {
            using var answer = await site.Browser.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.DoesNotContain("script-src", policy);
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task A_page_needs_nothing_from_anywhere_else_and_no_inline_style_or_script()
    {
        await using var site = await Site.StartAsync(RecordPageTests.Story());
        await site.SignInAsync();

        var page = await site.Browser.GetStringAsync("/incidents/7");

        Assert.False(Markup.Has(page.Replace("url(#", "", StringComparison.Ordinal), "\\ssrc=|@import|url\\(| style="));
        Assert.All(Markup.All(page, "<link [^>]*>"), link => Assert.Contains("data:image/svg+xml", link.Value));
    }

    [Fact]
    public async Task The_secret_of_a_link_is_in_no_log()
    {
        using var log = new CapturedLog();
        await using var site = await Site.StartAsync(RecordPageTests.Story(), log: log);
        var link = site.Link("alice", 7);

        await site.Browser.GetAsync(link);
        await site.Browser.PostAsync(link, null);
        var page = await site.Browser.GetAsync("/incidents/7");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(link["/sign-in/".Length..], StringComparison.Ordinal));
    }
}
