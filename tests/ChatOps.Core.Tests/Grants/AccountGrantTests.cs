using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Access of erin, whom the clusters do not know.</summary>
public sealed class AccountGrantTests
{
    [Fact]
    public async Task Whom_the_cluster_does_not_know_gets_an_account_and_is_led_to_its_token_in_a_direct_message()
    {
        var world = await RequestedAsync();
        Assert.Contains(world.OnlyOperation().Plan.Changes, change => change.ToString().Contains("ServiceAccount in prod/accounts", StringComparison.Ordinal));

        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        var grant = Only(world);
        Assert.Equal((GrantKind.ServiceAccount, $"system:serviceaccount:accounts:chatops-{grant.Id:N}", GrantState.Active), (grant.Kind, grant.Subject, grant.State));
        Assert.Equal(["accounts", "shop"], world.Accounts.Objects.Select(one => one.Namespace).Order());
        var sent = Assert.Single(world.Records.Outbox.Select(queued => queued.Post).OfType<Outgoing.Say>(), say => say.Key.LeadsToGrant == grant.Id);
        Assert.Equal(world.ClaimPage, Assert.Single(sent.Card.Parts.OfType<Part.Buttons>()).Row[0].Link);
        await world.SweepAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
    }

    [Fact]
    public async Task Whom_the_cluster_knows_gets_no_account()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");

        Assert.Equal(GrantKind.RoleBinding, world.OnlyOperation().Plan.Of<GrantWork>().Access);
    }

    [Theory]
    [InlineData("no address", GrantKind.ServiceAccount)]
    [InlineData("an address that counts nowhere", GrantKind.ServiceAccount)]
    [InlineData("an address that counts", GrantKind.RoleBinding)]
    [InlineData("another's address", null)]
    [InlineData("nobody answers", null)]
    public async Task Where_addresses_are_names_an_account_is_for_whom_none_names(string how, GrantKind? given)
    {
        var world = await World.WithIncidentAsync();
        world.Email = new(["example.com"], "oidc:{email}");
        world.Restart();
        var address = how switch { "an address that counts nowhere" => "erin@home.example", "an address that counts" or "nobody answers" => "erin@example.com", "another's address" => "bob@example.com", _ => null };
        world.Chat.Profiles["U-erin"] = new(World.Account("erin"), "Erin") { ConfirmedEmail = address };
        world.Register.Replace([.. world.Register.People.Select(person => person.Name == "bob" ? person with { KubernetesUser = "oidc:bob@example.com" } : person)]);
        world.Chat.DirectorySilent = how == "nobody answers";

        var told = await world.SayAsync("erin", "breakglass", "request shop-a as editor for 30m because pods crashloop");

        Assert.Equal(given, world.Records.AllOperations.SingleOrDefault()?.Plan.Of<GrantWork>().Access);
        Assert.Equal(given is null, told is not null);
    }

    [Fact]
    public async Task Whom_an_address_names_meanwhile_is_decided_about_again()
    {
        var world = await World.WithIncidentAsync();
        world.Email = new(["example.com"], "oidc:{email}");
        world.Restart();
        await world.SayAsync("erin", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Chat.Profiles["U-erin"] = new(World.Account("erin"), "Erin") { ConfirmedEmail = "erin@example.com" };

        await world.WorkAsync();

        Assert.Empty(world.Accounts.Objects.Concat(world.Access.Objects));
        Assert.Equal(Core.Operations.OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.Equal(GrantKind.RoleBinding, world.OnlyOperation().Plan.Of<GrantWork>().Access);
    }

    [Theory]
    [InlineData(false, true, "KubernetesUser")]
    [InlineData(true, false, "Web:Oidc")]
    public async Task Without_a_place_for_accounts_or_a_sign_in_it_is_refused_with_what_to_do(bool hasPlace, bool canSignIn, string next)
    {
        var world = await World.WithIncidentAsync();
        world.Policy.BreakGlass.AccountsIn = hasPlace ? "accounts" : "";
        world.ClaimPage = canSignIn ? world.ClaimPage : null;

        var told = await world.SayAsync("erin", "breakglass", "request shop-a as editor for 30m because pods crashloop");

        Assert.Contains(next, string.Join('\n', told!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task Each_claim_is_on_the_record_and_the_token_is_nowhere()
    {
        var world = await GivenAsync();

        var (first, _) = await ClaimAsync(world, "erin");
        var (second, _) = await ClaimAsync(world, "erin");

        Assert.Equal(("secret-1", "secret-2"), (first!.Token, second!.Token));
        Assert.Equal(2, world.Records.Entries.Count(entry => entry is { Kind: TimelineKind.TokenClaimed, By: "erin" }));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", ((object)first).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_is_refused_and_that_is_on_the_record_once()
    {
        var world = await GivenAsync();

        foreach (var _ in new[] { 1, 2 })
        {
            var (token, refusal) = await ClaimAsync(world, "bob");
            Assert.Null(token);
            Assert.Equal(RefusalKind.NotAllowed, refusal!.Kind);
        }

        Assert.Equal(0, world.Minted);
        Assert.Single(world.Records.Entries, entry => entry is { Kind: TimelineKind.TokenRefused, By: "bob" });
    }

    [Theory]
    [InlineData("its moment")]
    [InlineData("done")]
    [InlineData("done and not taken away yet")]
    public async Task After_the_end_nothing_is_claimed(string how)
    {
        var world = await GivenAsync();
        if (how == "its moment")
        {
            world.Time.Advance(TimeSpan.FromMinutes(30));
        }
        else
        {
            await world.SayAsync("erin", "breakglass", "done");
        }

        if (how == "done")
        {
            await world.WorkAsync();
            Assert.Empty(world.Accounts.Objects);
            Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (Only(world).State, Only(world).Proof));
        }

        var (token, refusal) = await ClaimAsync(world, "erin");

        Assert.Null(token);
        Assert.Equal(RefusalKind.TooLate, refusal!.Kind);
        Assert.Equal(0, world.Minted);
    }

    [Fact]
    public async Task A_token_that_its_end_overtook_is_not_handed_out()
    {
        var world = await GivenAsync();
        world.OnMint = async () => Assert.Null(await world.SayAsync("bob", "breakglass", $"revoke {Only(world).ShortId}"));

        var (token, refusal) = await ClaimAsync(world, "erin");

        Assert.Null(token);
        Assert.Equal(RefusalKind.TooLate, refusal!.Kind);
    }

    [Fact]
    public async Task What_the_cluster_did_not_make_is_said_and_recorded()
    {
        var world = await GivenAsync();
        world.Mints = new(ClusterAnswerKind.Forbidden, "chatops:grants may not create serviceaccounts/token");

        var (token, refusal) = await ClaimAsync(world, "erin");

        Assert.Null(token);
        Assert.Contains("may not create", refusal!.Instead.ToString(), StringComparison.Ordinal);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.TokenClaimed && entry.Text.Contains("was not made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_claims_again_and_again_is_refused_in_the_end()
    {
        var world = await GivenAsync();
        for (var claim = 0; claim < Grant.MostClaims; claim++)
        {
            Assert.NotNull((await ClaimAsync(world, "erin")).Token);
        }

        Assert.Equal(RefusalKind.NotAllowed, (await ClaimAsync(world, "erin")).Refusal!.Kind);
    }

    [Fact]
    public async Task Who_cannot_be_told_in_private_is_told_in_the_thread_where_it_is()
    {
        var world = await RequestedAsync();
        world.Chat.Unreachable.Add("U-erin");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        await world.PostAllAsync();

        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.NotReached && entry.Text.Contains(world.ClaimPage!.AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_or_a_binding_alone_is_ended_with_the_rest()
    {
        foreach (var gone in (string[])["accounts", "shop"])
        {
            var world = await GivenAsync();
            world.Accounts.Objects.RemoveAll(one => one.Namespace == gone);
            world.Time.Advance(TimeSpan.FromSeconds(1));

            await world.SweepAsync();
            await world.WorkAsync();

            Assert.Empty(world.Accounts.Objects);
            Assert.Equal($"its object in {gone} was gone when I looked", Only(world).EndReason);
        }
    }

    [Fact]
    public async Task After_an_extension_the_first_account_is_proved_to_allow_nothing_more_and_access_goes_on_by_the_second()
    {
        var (world, first) = await ExtendedAsync();

        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();

        Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (The(world, first).State, The(world, first).Proof));
        var told = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantEnded).Text;
        Assert.Contains("allows no more than before", told, StringComparison.Ordinal);
        Assert.Contains("Access goes on until", told, StringComparison.Ordinal);
    }

    /// <summary>An account is its grant's alone: what lets it do more goes on by nothing of ours.</summary>
    [Fact]
    public async Task An_account_that_may_do_more_after_its_end_is_an_alarm_though_an_extension_goes_on()
    {
        var (world, first) = await ExtendedAsync();
        world.Accounts.Elsewhere.Add(The(world, first).Subject);

        world.Time.Advance(TimeSpan.FromMinutes(30));
        for (var round = 0; round < 10; round++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(GrantProof.StillAllowed, The(world, first).Proof);
        Assert.Contains("by something that is not this grant", Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.GrantProved).Text, StringComparison.Ordinal);
    }

    private static async Task<(World World, Guid First)> ExtendedAsync()
    {
        var world = await GivenAsync();
        var first = Only(world).Id;
        await world.SayAsync("erin", "breakglass", $"extend {Only(world).ShortId} by 30m");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(2, world.Records.AllGrants.Count(grant => grant.State == GrantState.Active));
        return (world, first);
    }

    private static Grant The(World world, Guid id) => world.Records.AllGrants.Single(grant => grant.Id == id);

    private static Task<(MintedToken? Token, Refusal? Refusal)> ClaimAsync(World world, string who) => world.Claim.HandleAsync(Only(world).Id, world.Register.Find(who)!, default);

    private static async Task<World> RequestedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("erin", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        return world;
    }

    private static async Task<World> GivenAsync()
    {
        var world = await RequestedAsync();
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);
}
