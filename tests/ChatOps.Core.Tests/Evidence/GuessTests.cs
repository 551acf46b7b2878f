using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What is said of access that no audit log told of, for each kind of it.</summary>
public sealed class GuessTests
{
    [Theory]
    [InlineData("editor", "namespace shop of cluster prod")]
    [InlineData("node-viewer", "the whole of cluster prod")]
    public async Task What_live_objects_say_where_access_was_open_is_on_the_timeline_and_in_the_thread(string role, string where)
    {
        var world = await GivenAsync(role);
        var at = world.Now.AddMinutes(3);
        world.Writes = new([Written("kubectl-edit", at)], ["kubectl wrote deployments.apps/checkout in shop (scale)"], ["pods in shop"]);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.WorkOnUsesAsync();
        world.Writes = world.Writes with { Written = [] };
        await EndAsync(world);

        Assert.Contains(Entries(world), entry => entry.At == at && entry.By == "kubectl-edit");
        var sum = Entries(world)[^1].Text;
        Assert.Contains($"as live objects in {where} say: kubectl-edit wrote configmaps/checkout in shop: /data/MODE.", sum, StringComparison.Ordinal);
        Assert.Contains("When is not kept of: kubectl wrote deployments.apps/checkout in shop (scale). Not looked at: pods in shop. What was deleted, and what the same tool wrote over, no live object tells.", sum, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_said_to_be_unwritten_where_not_all_could_be_looked_at()
    {
        var world = await GivenAsync("editor");
        world.Writes = new([], [], ["pods in shop"]);
        await EndAsync(world);

        Assert.Contains("No live object in namespace shop of cluster prod that I could look at says", Entries(world)[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_write_that_is_seen_in_two_ways_is_told_once()
    {
        var world = await GivenAsync("editor");
        var at = world.Now.AddMinutes(3);
        world.Writes = new([Written("kubectl-edit", at)], [], []);
        world.Drifts = [new("ConfigMap", "shop", "checkout", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", at)])];
        await EndAsync(world);

        Assert.Equal("configmaps", Assert.Single(Entries(world), entry => entry.By == "kubectl-edit").Text.Split(' ')[2].Split('/')[0]);
    }

    [Fact]
    public async Task Of_a_role_in_Argo_CD_is_said_what_Argo_CD_names_its_person_or_its_token_for()
    {
        var world = await GivenAsync("observer");
        var (start, role) = (world.Now, world.Records.AllGrants.Single().ObjectName);
        world.ToldByEngine.AddRange(
        [
            new(start.AddHours(-1), "argocd-server", "alice@login initiated sync to before (aa)"),
            new(start.AddMinutes(3), "argocd-server", "alice@login initiated sync to main (bb)"),
            new(start.AddMinutes(4), "argocd-server", $"proj:shop:{role} initiated sync to main (cc)"),
            new(start.AddMinutes(5), "argocd-server", "alice@login.of.another initiated sync to main (dd)"),
            new(start.AddMinutes(6), "argocd-application-controller", "Sync operation to main succeeded"),
        ]);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.WorkOnUsesAsync();
        world.ToldByEngine.Clear();
        await EndAsync(world);

        Assert.Equal(["alice", $"proj:shop:{role}", "chatops"], Entries(world).Select(entry => entry.By));
        Assert.Equal(start.AddMinutes(3), Entries(world)[0].At);
        Assert.StartsWith($"alice@login is named by Argo CD: alice@login initiated sync to main (bb), while access", Entries(world)[0].Text, StringComparison.Ordinal);
        Assert.Contains("was used, as Argo CD says: alice@login initiated sync to main (bb)", Entries(world)[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_Argo_CD_names_nobody_is_not_said_to_be_no_use()
    {
        var world = await GivenAsync("observer");
        await EndAsync(world);

        var sum = Entries(world)[^1].Text;
        Assert.Contains("is not known: in what Argo CD still tells of shop-a, nothing names alice@login.", sum, StringComparison.Ordinal);
        Assert.Contains("what was only looked at, logs and shells are in its own log alone.", sum, StringComparison.Ordinal);
    }

    private static Deed Written(string tool, DateTimeOffset at) =>
        new() { Kind = DeedKind.Guessed, By = tool, Verb = "write", Target = new("", "configmaps", null, "shop", "checkout"), Fields = ["/data/MODE"], FirstAt = at, LastAt = at };

    private static async Task<World> GivenAsync(string role)
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", $"request shop-a as {role} for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.BeginUsesAsync();
        Assert.Equal(GrantState.Active, Assert.Single(world.Records.AllGrants).State);
        return world;
    }

    private static async Task EndAsync(World world)
    {
        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkOnUsesAsync();
    }

    private static List<TimelineEntry> Entries(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.GrantUsed)];
}
