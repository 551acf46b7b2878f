using ChatOps.Core.Alerts;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Alerts;

public class HearingTests
{
    private static readonly ApplicationQuery About = new(null, null, "shop-a");
    private static readonly AlertNotice Firing = SomeAlert.Fires();
    private static readonly Alert Known = Hearing.Of(null, Firing, About, Some.Now)!;

    [Fact]
    public void What_fires_for_the_first_time_is_known_from_then_on()
    {
        var late = Hearing.Of(null, Firing, About, Some.Now.AddMinutes(1))!;

        Assert.Equal((AlertState.Firing, Some.Now, Some.Now.AddMinutes(1)), (late.State, late.StartedAt, late.LearnedAt));
    }

    [Fact]
    public void A_repeat_only_moves_when_it_was_last_heard() =>
        Assert.Equal(Known with { HeardAt = Some.Now.AddHours(4) }, Hearing.Of(Known, Firing, About, Some.Now.AddHours(4)));

    [Fact]
    public void The_end_of_what_never_fired_here_is_no_news() =>
        Assert.Null(Hearing.Of(null, SomeAlert.IsOver(Firing, Some.Now), About, Some.Now));

    [Fact]
    public void The_end_carries_its_own_time_and_comes_once()
    {
        var over = Hearing.Of(Known, SomeAlert.IsOver(Firing, Some.Now.AddMinutes(5)), About, Some.Now.AddMinutes(6))!;

        Assert.Equal((AlertState.Resolved, Some.Now.AddMinutes(5)), (over.State, over.EndedAt));
        Assert.Null(Hearing.Of(over, SomeAlert.IsOver(Firing, Some.Now.AddMinutes(5)), About, Some.Now.AddMinutes(7)));
    }

    [Fact]
    public void A_firing_that_is_told_again_after_its_end_is_no_news()
    {
        var over = Hearing.Of(Known, SomeAlert.IsOver(Firing, Some.Now.AddMinutes(5)), About, Some.Now.AddMinutes(6))!;

        Assert.Null(Hearing.Of(over, Firing, About, Some.Now.AddMinutes(7)));
    }

    [Fact]
    public void A_new_firing_after_the_end_is_news_and_the_late_end_of_the_old_one_does_not_end_it()
    {
        var over = Hearing.Of(Known, SomeAlert.IsOver(Firing, Some.Now.AddMinutes(5)), About, Some.Now.AddMinutes(6))!;

        var again = Hearing.Of(over, Firing with { StartsAt = Some.Now.AddMinutes(8) }, About, Some.Now.AddMinutes(9))!;

        Assert.Equal((AlertState.Firing, Some.Now.AddMinutes(9)), (again.State, again.LearnedAt));
        Assert.Null(Hearing.Of(again, SomeAlert.IsOver(Firing, Some.Now.AddMinutes(5)), About, Some.Now.AddMinutes(10)));
    }

    [Fact]
    public void Nothing_begins_in_the_future_and_nothing_ends_there() =>
        Assert.Equal(
            (Some.Now, Some.Now),
            Hearing.Of(null, Firing with { StartsAt = Some.Now.AddHours(1) }, About, Some.Now) is { } early
                ? (early.StartedAt, Hearing.Of(early, SomeAlert.IsOver(Firing, Some.Now.AddHours(2)), About, Some.Now)!.EndedAt)
                : default);

    [Theory]
    [InlineData("checkout", null, null, "checkout")]
    [InlineData("argocd/checkout", null, "argocd", "checkout")]
    [InlineData("prod/argocd/checkout", "prod", "argocd", "checkout")]
    public void The_label_names_the_application(string label, string? instance, string? ns, string name) =>
        Assert.Equal(new ApplicationQuery(instance, ns, name), Routing().AboutOf(new Dictionary<string, string> { ["application"] = label }));

    [Theory]
    [InlineData("")]
    [InlineData("not a name")]
    [InlineData("a/b/c/d")]
    public void What_is_no_name_names_nothing(string label) =>
        Assert.Null(Routing().AboutOf(new Dictionary<string, string> { ["application"] = label, ["alertname"] = "checkout" }));

    [Fact]
    public void Written_subjects_come_first_and_all_their_labels_must_fit()
    {
        var routing = Routing(new AlertSubject(new Dictionary<string, string> { ["namespace"] = "shop", ["service"] = "checkout*" }, About));

        Assert.Equal(About, routing.AboutOf(new Dictionary<string, string> { ["namespace"] = "shop", ["service"] = "checkout-api", ["application"] = "other" }));
        Assert.Equal("other", routing.AboutOf(new Dictionary<string, string> { ["namespace"] = "shop", ["service"] = "cart", ["application"] = "other" })!.Name);
        Assert.Null(routing.AboutOf(new Dictionary<string, string> { ["service"] = "checkout-api" }));
    }

    private static AlertRouting Routing(params AlertSubject[] subjects) => new(subjects, ["application"], ["critical"], TimeSpan.FromHours(5));
}
