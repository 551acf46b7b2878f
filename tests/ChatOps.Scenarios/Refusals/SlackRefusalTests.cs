using ChatOps.Sandbox.Slack;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

/// <summary>
/// Every call of the story to Slack, refused in every way: twice each, as an outage that passes. One story meets the same
/// refusal in each of its chapters, at two calls of each chapter at a time.
/// </summary>
public abstract class SlackRefusalTests(Building building)
{
    private const int Times = 2;

    public static readonly string[] Outages = ["limited", "503", "dropped", "hang", "answer lost", "hang after it happened", "internal_error"];

    public static readonly string[] Nos =
    [
        "not_in_channel", "channel_not_found", "is_archived", "missing_scope", "token_revoked", "msg_too_long", "expired_trigger_id", // Slack says message_not_found to edits alone: SlackChatTests
    ];

    protected async Task EndsWellAsync(string refusal)
    {
        for (var turn = 0; turn < Calls.Turns(Calls.OfSlack); turn++)
        {
            await new Disturbed(building).TellAsync(step => Calls.At(Calls.OfSlack, step, turn).Select(call => Arm(call, refusal, Times)));
        }
    }

    protected async Task FindsOrRepeatsAsync(string refusal) =>
        await new Disturbed(building).TellAsync(step =>
        {
            if (Calls.Searches.FirstOrDefault(search => search.Step == step) is not { LookUp: { } lookUp, Post: { } post })
            {
                return [];
            }

            Arm(post, "answer lost", 1);
            return [Arm(lookUp, refusal, Times)];
        });

    private Func<bool> Arm(string call, string refusal, int times)
    {
        var hits = 0;
        building.Slack.Faults.Plan(one => Kind.Of(one) == call && Interlocked.Increment(ref hits) <= times, Wrong(refusal), times: times);
        return () => Volatile.Read(ref hits) > 0;
    }

    public static Fault Wrong(string refusal) => refusal switch
    {
        "limited" => Fault.RateLimited(TimeSpan.FromSeconds(3)),
        "503" => Fault.ServerError(),
        "dropped" => Fault.Drop(),
        "hang" => Fault.Hang(),
        "answer lost" => Fault.LoseAnswer(),
        "hang after it happened" => Fault.HangAfterApplying(),
        _ => Fault.Refuse(refusal),
    };
}

/// <summary>Slack is not there, or not now.</summary>
public sealed class SlackOutageTests(Building building) : SlackRefusalTests(building), IClassFixture<Building>
{
    public static TheoryData<string> EachOutage => new(Outages);

    [Theory]
    [MemberData(nameof(EachOutage))]
    public Task The_story_ends_well_after(string outage) => EndsWellAsync(outage);

    [Theory]
    [MemberData(nameof(EachOutage))]
    public Task A_post_whose_answer_was_lost_is_said_although_the_search_for_it_meets(string outage) => FindsOrRepeatsAsync(outage);
}

/// <summary>Slack says no.</summary>
public sealed class SlackNoTests(Building building) : SlackRefusalTests(building), IClassFixture<Building>
{
    public static TheoryData<string> EachNo => new(Nos);

    [Theory]
    [MemberData(nameof(EachNo))]
    public Task The_story_ends_well_after(string no) => EndsWellAsync(no);

    [Theory]
    [MemberData(nameof(EachNo))]
    public Task A_post_whose_answer_was_lost_is_said_although_the_search_for_it_meets(string no) => FindsOrRepeatsAsync(no);
}
