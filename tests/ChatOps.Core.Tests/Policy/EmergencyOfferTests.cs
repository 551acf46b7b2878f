using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Policy;

/// <summary>The button was there from the start, and for a quarter of an hour it only refused.</summary>
public class EmergencyOfferTests
{
    private static readonly Operation Operation = Some.Operation() with { Duration = TimeSpan.FromMinutes(20) };

    [Theory]
    [InlineData(null, 0, false, "alice may approve this alone from 2026-11-23 02:15 UTC on at the earliest, for 30 minutes at most. The button comes here then.")]
    [InlineData(2, 3, false, "from 2026-11-23 02:17 UTC on, for 30 minutes at most")]
    [InlineData(0, 14.99, false, "from 2026-11-23 02:15 UTC on, for 30 minutes at most")]
    [InlineData(0, 15, true, "Nobody who may approve this has answered since 2026-11-23 02:00 UTC: alice may approve it alone")]
    public void It_says_from_when_and_is_open_from_then_on(int? asked, double now, bool isOpen, string line) =>
        AssertSays(Operation, "bob", false, asked is { } minutes ? Some.Now.AddMinutes(minutes) : null, now, isOpen, line);

    [Theory]
    [InlineData("alice", "Nobody may approve this alone: alice opened this incident too, and no alert about shop was firing")]
    [InlineData("chatops", "Nobody may approve this alone: nobody declared this incident, and no alert about shop was firing")]
    public void Where_nobody_else_tells_of_an_emergency_it_says_so_at_once(string openedBy, string line)
    {
        AssertSays(Operation, openedBy, false, Some.Now, 20, false, line);
        AssertSays(Operation, openedBy, true, Some.Now, 20, true, "alice may approve it alone");
    }

    [Fact]
    public void Who_has_answered_is_not_called_silent() =>
        AssertSays(Some.Operation(approvals: 2) with { Duration = TimeSpan.FromMinutes(20), Approvals = [new("carol", Some.Plan().Hash, Some.Now)] }, "bob", false, Some.Now, 20, true, "Not enough of those who may approve this have answered since");

    [Fact]
    public void What_lasts_longer_than_that_may_is_said_to_need_somebody() =>
        AssertSays(Operation with { Duration = TimeSpan.FromMinutes(31) }, "bob", false, Some.Now, 20, false, "what is approved alone lasts 30 minutes at most");

    [Fact]
    public void Nothing_is_said_where_it_can_never_come()
    {
        Assert.Null(Of(Operation with { RequestExpiresAt = Some.Now.AddMinutes(15) }, "bob", false, Some.Now, 1));
        Assert.Null(Of(Operation with { Authority = Operation.Authority with { Emergency = null } }, "bob", false, Some.Now, 20));
        Assert.Null(Of(Operation with { State = OperationState.Approved }, "bob", false, Some.Now, 20));
    }

    /// <summary>Offered exactly when the rule takes it, at every moment and for every circumstance.</summary>
    [Fact]
    public void It_is_open_when_the_rule_says_yes_and_never_else()
    {
        foreach (var openedBy in new[] { "bob", "alice", "chatops" })
        {
            foreach (var confirmed in new[] { true, false })
            {
                foreach (var asked in new DateTimeOffset?[] { null, Some.Now, Some.Now.AddMinutes(5) })
                {
                    for (var minute = 0; minute <= 31; minute++)
                    {
                        var yes = EmergencyRule.Check(Operation, openedBy, confirmed, asked, Some.Now.AddMinutes(minute)) is null;
                        Assert.Equal(yes, Of(Operation, openedBy, confirmed, asked, minute) is { IsOpen: true });
                    }
                }
            }
        }
    }

    private static void AssertSays(Operation operation, string openedBy, bool confirmed, DateTimeOffset? asked, double now, bool isOpen, string line)
    {
        var offer = Of(operation, openedBy, confirmed, asked, now)!;
        Assert.Equal(isOpen, offer.IsOpen);
        Assert.Contains(line, offer.Line.ToString(), StringComparison.Ordinal);
    }

    private static EmergencyOffer? Of(Operation operation, string openedBy, bool confirmed, DateTimeOffset? asked, double minutes) =>
        EmergencyOffer.Of(operation, "alice", openedBy, confirmed, asked, Some.Now.AddMinutes(minutes));
}
