using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What is said of what outlives access, with an audit log and without, and with one that lost something.</summary>
public sealed class LeftBehindTests
{
    private const string Program = "system:serviceaccount:argocd:argocd-application-controller";

    [Theory]
    [InlineData("editor", "Secrets; tokens issued for service accounts; certificate requests; other namespaces; tokens of accounts")]
    [InlineData("node-viewer", "Secrets; tokens issued for service accounts; certificate requests; what is in namespaces; tokens of accounts")]
    [InlineData("observer", "what Argo CD made for them in clusters; tokens of accounts")]
    public async Task Without_an_audit_log_what_nobody_looked_at_is_named_although_nothing_was_found(string role, string unseen)
    {
        var world = await GivenAsync(role);
        world.Leftovers = new([], []) { BeyondReach = ["tokens of accounts"] };
        await EndAsync(world, isHeard: false);

        Assert.EndsWith($" I found nothing that outlives it. Not looked at: {unseen}.", world.Records.Entries.Last(entry => entry.Kind == TimelineKind.GrantUsed).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantLeftBehind);
    }

    [Fact]
    public async Task Without_an_audit_log_what_was_changed_is_told_with_the_tool_and_nobodys_name()
    {
        var world = await GivenAsync("editor");
        world.Leftovers = new([Found(world, "rolebindings", "widened") with { ChangedWith = "kubectl-edit" }], []);
        await EndAsync(world, isHeard: false);

        Assert.Contains($"rolebindings/widened was changed 2026-11-23 02:00 UTC with kubectl-edit, by whom is not known: look.", Told(world), StringComparison.Ordinal);
        Assert.Contains("Not looked at: Secrets;", Told(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_event_that_came_names_anybody_for_is_told_although_the_audit_log_is_heard()
    {
        var world = await GivenAsync("editor");
        await HearAsync(
            world,
            SomeEvent.Given(Only(world), world.Now),
            SomeEvent.Create(world.Now, "", "serviceaccounts", "of-bob", user: "bob@example.org"),
            SomeEvent.Create(world.Now, "", "serviceaccounts", "of-a-program", user: Program),
            SomeEvent.Create(world.Now, "batch", "cronjobs", null!),
            SomeEvent.Create(world.Now.AddMinutes(5), "", "serviceaccounts", "made-again", user: "bob@example.org"));
        world.Leftovers = new(
            [
                Found(world, "serviceaccounts", "of-bob"), Found(world, "serviceaccounts", "of-a-program"), Found(world, "serviceaccounts", "lost"),
                Found(world, "serviceaccounts", "made-again"), Found(world, "serviceaccounts", "elsewhere", "payments"),
                Found(world, "cronjobs", "named-by-the-server") with { Target = new("batch", "cronjobs", null, "shop", "named-by-the-server") },
            ],
            []);
        await EndAsync(world, isHeard: true);

        var told = Told(world);
        Assert.Contains("serviceaccounts/lost came to be 2026-11-23 02:00 UTC, by whom is not known: the audit log that I heard names nobody: look.", told, StringComparison.Ordinal);
        Assert.Contains("serviceaccounts/made-again came to be", told, StringComparison.Ordinal); // the event is of another of that name
        Assert.All((string[])["of-bob", "of-a-program", "elsewhere", "named-by-the-server"], name => Assert.DoesNotContain(name, told, StringComparison.Ordinal));
        Assert.DoesNotContain("Not looked at", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_is_told_as_what_it_is_and_a_scale_with_its_number()
    {
        var world = await GivenAsync("editor");
        await HearAsync(
            world,
            SomeEvent.Given(Only(world), world.Now),
            SomeEvent.Patch(world.Now) with { Verb = "update", Fields = [] },
            SomeEvent.Patch(world.Now, field: "/spec/replicas = 5") with { Verb = "update", Target = new("apps", "deployments", "scale", "shop", "checkout") });

        Assert.Equal(
            ["alice replaced deployments.apps/checkout in shop as a whole, which does not tell what changed in it, with", "alice replaced deployments.apps/checkout/scale in shop: /spec/replicas = 5, with"],
            world.Records.Entries.Where(entry => entry.Kind == TimelineKind.GrantUsed).Select(entry => entry.Text[..(entry.Text.IndexOf(", with", StringComparison.Ordinal) + 6)]));
    }

    private static Leftover Found(World world, string resource, string name, string ns = "shop") => new(new("", resource, null, ns, name), $"{resource}/{name}", world.Now, "look");

    private static async Task<World> GivenAsync(string role)
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", $"request shop-a as {role} for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.BeginUsesAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static async Task HearAsync(World world, params AuditNotice[] notices)
    {
        await world.HearAudit.HandleAsync("prod", notices, default);
        await world.WorkOnUsesAsync();
    }

    private static async Task EndAsync(World world, bool isHeard)
    {
        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();
        if (isHeard)
        {
            await HearAsync(world, SomeEvent.Ended(Only(world), world.Now));
        }

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
    }

    private static string Told(World world) => Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantLeftBehind).Text;

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);
}
