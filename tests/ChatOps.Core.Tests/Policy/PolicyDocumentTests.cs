using ChatOps.Core.Conversation;
using ChatOps.Core.Policy;
using static ChatOps.Core.Tests.Policy.SomePolicy;

namespace ChatOps.Core.Tests.Policy;

public class PolicyDocumentTests
{
    [Fact]
    public void Answers_the_seven_questions_each_under_its_heading() =>
        Assert.Equal(
            [
                "Who can pause or modify reconciliation",
                "How access is granted, logged and reviewed",
                "Whether on-call may switch to a fix branch",
                "When direct kubectl is allowed",
                "What the record must hold",
                "How fast a change must be in Git",
                "What alerts when reconciliation is suspended too long",
            ],
            PolicyDocument.Markdown(Valid()).Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));

    [Fact]
    public void An_answer_changes_with_its_rule()
    {
        var policy = Valid(PauseShop(rule =>
        {
            rule.AtDeadline = AtDeadline.Resume;
            rule.EmergencySelfApproval = null;
        }));
        policy.BackportWithin = TimeSpan.FromHours(4);

        var page = PolicyDocument.Markdown(policy);

        Assert.Contains("must be in Git within 4 hours", page, StringComparison.Ordinal);
        Assert.Contains("is resumed at the deadline", page, StringComparison.Ordinal);
        Assert.DoesNotContain("until somebody decides", page, StringComparison.Ordinal);
        Assert.Contains("No rule lets anybody approve alone", page, StringComparison.Ordinal);
        Assert.Contains("No rule allows `resume`", page, StringComparison.Ordinal);
        Assert.Contains("No: no rule allows `branch`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_for_a_verb_that_is_not_built_is_not_promised()
    {
        var policy = Valid();
        policy.Rules[0].Verbs.Add("backport");

        Assert.Contains("No: no rule allows `branch`", PolicyDocument.Markdown(policy), StringComparison.Ordinal);
        Assert.DoesNotContain("backport", PolicyDocument.Markdown(policy), StringComparison.Ordinal);
        Assert.Contains("lets on-call pause applications", PolicyDocument.Markdown(policy), StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_on_call_may_switch_to_a_fix_branch_is_what_the_rule_says()
    {
        var policy = Valid();
        policy.Rules[0].Verbs.Add("branch");

        var page = PolicyDocument.Markdown(policy);

        Assert.Contains("Yes: rule `", page, StringComparison.Ordinal);
        Assert.Contains("needs the same approval again", page, StringComparison.Ordinal);
        Assert.DoesNotContain("no rule allows `branch`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_without_rules_promises_nothing()
    {
        var policy = Valid();
        policy.Rules.Clear();

        var page = PolicyDocument.Markdown(policy);

        Assert.Contains("Nobody: there are no rules.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("What the rules do allow", page, StringComparison.Ordinal);
        Assert.Contains("No rule allows to pause", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_says_the_same_and_notifies_nobody()
    {
        var policy = Valid();
        policy.Roles[1].Groups.Add("S9");

        var runs = PolicyDocument.Card(policy).Parts.OfType<Part.Paragraph>().SelectMany(part => part.Text.Runs).ToList();

        Assert.Equal(7, PolicyDocument.Card(policy).Parts.Count);
        Assert.DoesNotContain(runs, run => run is Run.GroupMention or Run.Mention);
        Assert.Contains(runs, run => run is Run.Plain plain && plain.Value.Contains("chat group S9", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_configured_is_no_markup()
    {
        var policy = Valid();
        policy.Roles[2].Users[0] = "*<script>*";

        Assert.Contains(@"\*\<script\>\*", PolicyDocument.Markdown(policy), StringComparison.Ordinal);
    }
}
