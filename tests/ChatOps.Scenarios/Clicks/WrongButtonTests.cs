using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Clicks;

/// <summary>Buttons that are old, foreign or made up.</summary>
public sealed class WrongButtonTests(Building building) : IClassFixture<Building>
{
    private const string NotInUse = "This button is no longer in use; nothing was done.";
    private const string OtherMessage = "This button came from another message than the one it was made for; nothing was done.";

    [Fact]
    [Trait("Bug", "02")]
    public async Task A_card_that_is_decided_has_no_buttons_and_an_old_screen_is_told_who_decided()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);
        await room.LeaseIsAsync(lease => lease is { Hold: Core.Leases.Hold.Holding }, "holding");
        var before = await Effects.OfAsync(room);
        Assert.DoesNotContain("Approve", Words.Of(room.View.Find(card.Ts)!), StringComparison.Ordinal);

        await room.PressAsync("carol", card, "Approve");

        Assert.Contains("This was approved already by bob.", await room.ToldAsync("carol", "approved already"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await room.ResumeAsync();
    }

    [Fact]
    public async Task A_withdrawn_request_cannot_be_approved()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await WithdrawAsync(room, card);
        var before = await Effects.OfAsync(room);

        await room.PressAsync("bob", card, "Approve");

        Assert.Contains("This is over: withdrawn by alice.", await room.ToldAsync("bob", "This is over"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
    }

    [Fact]
    public async Task After_its_time_a_request_is_over()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        building.Clock.Advance(TimeSpan.FromMinutes(31));
        await room.OperationIsAsync(OperationState.Expired);
        var before = await Effects.OfAsync(room);

        await room.PressAsync("bob", card, "Approve");

        Assert.Contains("This request has expired; nothing was done.", await room.ToldAsync("bob", "expired"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
    }

    [Fact]
    public async Task After_a_month_even_the_button_is_gone()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await WithdrawAsync(room, card);
        building.Clock.Advance(TimeSpan.FromDays(31));
        var before = await Effects.OfAsync(room);

        await room.PressAsync("bob", card, "Approve");

        Assert.Contains(NotInUse, await room.ToldAsync("bob", "no longer in use"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
    }

    [Fact]
    public async Task A_card_of_a_plan_that_moved_does_not_count()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync("payments");
        var patches = building.Patches.Count;
        await ChangeAsync("payments", "prune", "false");
        await room.PressAsync("bob", card, "Approve");
        await room.View.WaitForTextAsync("changed after it was approved, so the approvals no longer count", Room.Ct);
        await Effects.QuietAsync(room);
        var before = await Effects.OfAsync(room);
        Assert.Equal((OperationState.AwaitingApproval, 0), (before.State, before.Votes));

        var old = card.Edits.First(edit => edit.Blocks!.ToJsonString().Contains("Approve", StringComparison.Ordinal));
        await SignedPost.PressAsync(building, Press(await room.PressAsync("alice", card, "Approve"), Token(old.Blocks!), "bob"));

        // The answer goes where the copied click said, which was alice's.
        Assert.Contains("The target changed after that card was shown, so the vote was not counted.", await AnswerToAsync(room, "The target changed"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        Assert.Equal(patches, building.Patches.Count);
        await WithdrawAsync(room, await room.CardAsync());
        await ChangeAsync("payments", "prune", "true");
    }

    [Fact]
    [Trait("Bug", "05")]
    public async Task A_token_counts_only_on_the_message_it_was_made_for()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var question = await room.QuestionToAsync("bob");
        var before = await Effects.OfAsync(room);

        var click = await room.PressAsync("alice", card, "Approve");
        await SignedPost.PressAsync(building, Press(click, Token(question.Blocks!), "bob"));

        Assert.Contains(OtherMessage, await AnswerToAsync(room, "came from another message"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await WithdrawAsync(room, card);
    }

    [Fact]
    [Trait("Bug", "05")]
    public async Task A_token_does_not_approve_the_request_of_another_incident()
    {
        var here = building.NewRoom();
        var mine = await here.BeginAsync("checkout");
        var there = building.NewRoom();
        var other = await there.BeginAsync("catalogue");
        var (before, beforeThere) = (await Effects.OfAsync(here), await Effects.OfAsync(there));

        var click = await here.PressAsync("alice", mine, "Approve");
        await SignedPost.PressAsync(building, Press(click, Token(other.Blocks!), "bob"));

        Assert.Contains(OtherMessage, await AnswerToAsync(here, "came from another message"), StringComparison.Ordinal);
        Assert.Equal((before, beforeThere), (await Effects.OfAsync(here), await Effects.OfAsync(there)));
        await WithdrawAsync(here, mine);
        await WithdrawAsync(there, other);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("approve")]
    [InlineData("' OR 1=1 --")]
    [Trait("Bug", "05")]
    public async Task A_guessed_token_finds_nothing(string guess)
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var before = await Effects.OfAsync(room);

        var click = await room.PressAsync("alice", card, "Approve");
        var status = await SignedPost.PressAsync(building, Press(click, guess, "bob"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(NotInUse, await AnswerToAsync(room, "no longer in use"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await WithdrawAsync(room, card);
    }

    [Fact]
    [Trait("Bug", "05")]
    public async Task The_same_token_twice_is_counted_once_even_where_two_are_needed()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await room.PressAsync("bob", await room.QuestionToAsync("bob"), "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);

        await room.PressAsync("bob", card, "Approve");

        await room.ToldAsync("bob", "approved already by bob");
        Assert.Single(await building.Records.TimelineAsync(room.Number, Room.Ct), entry => entry.Kind == TimelineKind.Approved);
        await room.ResumeAsync();
    }

    /// <summary>A click that came, with another token and another person: what the copier of a payload would send.</summary>
    private JsonObject Press(Sandbox.Slack.Wire.Delivery click, string token, string person)
    {
        var payload = click.Payload.DeepClone().AsObject();
        payload["user"]!["id"] = building.Slack.User(person).Id;
        payload["trigger_id"] = $"copied-{building.Clock.GetUtcNow().UtcTicks}";
        payload["actions"]![0]!["value"] = token;
        return payload;
    }

    private static string Token(JsonArray blocks) => blocks
        .Where(block => (string?)block!["type"] == "actions").SelectMany(block => block!["elements"]!.AsArray())
        .First(element => (string?)element!["text"]!["text"] == "Approve")!["value"]!.ToString();

    /// <summary>A response URL belongs to the click it came with.</summary>
    private static Task<string> AnswerToAsync(Room room, string words) => room.ToldAsync("alice", words);

    private static async Task WithdrawAsync(Room room, SlackMessage card)
    {
        await room.PressAsync("alice", card, "Withdraw");
        await room.OperationIsAsync(OperationState.Withdrawn);
    }

    private async Task ChangeAsync(string application, string field, string value)
    {
        using var client = new HttpClient(building.Cluster.CreateHandler()) { BaseAddress = building.Cluster.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", building.Cluster.AdminToken);
        var patch = "{\"spec\":{\"syncPolicy\":{\"automated\":{\"" + field + "\":" + value + "}}}}";
        using var content = new StringContent(patch, new System.Net.Http.Headers.MediaTypeHeaderValue("application/merge-patch+json"));
        using var answer = await client.PatchAsync($"/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/{application}", content);
        answer.EnsureSuccessStatusCode();
    }
}
