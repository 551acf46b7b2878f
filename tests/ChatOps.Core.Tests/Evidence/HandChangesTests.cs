using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Evidence;

/// <summary>What is kept of a look at which hands changed more than anybody reads.</summary>
public class HandChangesTests
{
    [Fact]
    public void What_the_engine_overwrites_is_kept_before_what_it_leaves_and_the_rest_is_counted()
    {
        ResourceDrift[] drifts =
        [
            new("ConfigMap", "shop", "notes", [.. Enumerable.Range(0, 150).Select(number => new Drift($"/metadata/annotations/note-{number}", null, "look", DriftClass.AddedByHand, "kubectl", Some.Now))]),
            new("ConfigMap", "shop", "config", [.. Enumerable.Range(0, 3).Select(number => new Drift($"/data/{number}", "slow", "fast", DriftClass.Changed, "kubectl", Some.Now))]),
        ];

        var kept = HandChanges.In(new DriftReport(Some.Facts(), "", drifts, [], IsComplete: true), out var leftOut);

        Assert.Equal((3, 100, 53), (HandChanges.Count(HandChanges.Overwritten(kept)), HandChanges.Count(kept), leftOut));
        var shown = EvidenceCard.Before(new HandsSeen(kept, leftOut, [])).OfType<Part.Verbatim>().ToList();
        Assert.DoesNotContain("fields more", shown[0].Value, StringComparison.Ordinal);
        Assert.Contains("and 53 fields more", shown[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_a_command_and_what_has_none_is_told_apart()
    {
        ResourceDrift[] hands =
        [
            new("ConfigMap", "shop", "config", [Changed("/data/MODE"), Changed("/data/app.conf") with { NoWay = NoWayBack.TooLong }]) { PutBack = "kubectl patch configmap config" },
            new("Deployment", "shop", "web", [Changed("/spec/env") with { NoWay = NoWayBack.Secret }]),
            new("Service", "shop", "old", [Changed("")]),
        ];

        Assert.Equal("It is in the record with the commands that do it again.", EvidenceTexts.Ways([hands[0] with { Fields = [Changed("/data/MODE")] }]));
        Assert.Equal(
            "It is in the record, and what a command can do again with that. No command does this again: ConfigMap/config /data/app.conf (it is too long), Deployment/web /spec/env (it holds something secret), Service/old.",
            EvidenceTexts.Ways(hands));
        Assert.Equal("It is in the record. No command does this again: Service/old.", EvidenceTexts.Ways([hands[2]]));
    }

    [Fact]
    public void Every_card_and_the_record_say_which_changes_have_no_command()
    {
        ResourceDrift[] hands = [new("ConfigMap", "shop", "config", [Changed("/data/app.conf") with { NoWay = NoWayBack.TooLong }])];
        var lease = Some.Lease() with { Hands = hands };
        Card[] cards = [EvidenceCard.Of(lease), EvidenceCard.Of(lease with { State = LeaseState.Ended }), EvidenceCard.Found(lease.Target, hands, 0), EvidenceCard.Unheld(lease.Target, hands, 0)];

        Assert.All(cards, card => Assert.Contains("No command does this again: ConfigMap/config /data/app.conf (it is too long).", card.Parts.OfType<Part.Footnote>().Single().Text.ToString(), StringComparison.Ordinal));
        Assert.Contains("No command does this again: ConfigMap/config /data/app.conf (it is too long).", EvidenceTexts.Found(lease.Target, hands, 0), StringComparison.Ordinal);
        Assert.Equal("No command does this again: ConfigMap/config /data/app.conf (it is too long).", Assert.Single(EvidenceCard.Before(new(hands, 0, [])).OfType<Part.Footnote>()).Text.ToString());
    }

    [Fact]
    public void The_record_names_each_that_has_none_and_a_message_some()
    {
        ResourceDrift[] hands = [new("ConfigMap", "shop", "config", [.. Enumerable.Range(1, 7).Select(number => Changed($"/data/file-{number}") with { NoWay = NoWayBack.TooLong })])];

        Assert.Contains("ConfigMap/config /data/file-7 (it is too long).", EvidenceTexts.Found(Some.Lease().Target, hands, 0), StringComparison.Ordinal);
        Assert.EndsWith("ConfigMap/config /data/file-5 (it is too long) and 2 more.", EvidenceTexts.NoWay(hands), StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_that_fill_a_message_are_counted_with_the_lines_between_them()
    {
        ResourceDrift[] hands = [.. "ab".Select(letter => new ResourceDrift("ConfigMap", "shop", $"{letter}", [Changed("/data/x")]) { PutBack = new string(letter, 1500) })];

        var card = EvidenceCard.Of(Some.Lease() with { State = LeaseState.Ended, Hands = hands });

        Assert.Equal(1500, card.Parts.OfType<Part.Verbatim>().Last().Value.Length);
    }

    [Fact]
    public void A_message_holds_whole_commands_and_says_where_the_others_are()
    {
        ResourceDrift[] hands =
        [
            new("ConfigMap", "shop", "file", [Changed("/data/app.conf")]) { PutBack = $"kubectl patch configmap file {new string('x', 5000)}" },
            new("ConfigMap", "shop", "config", [Changed("/data/MODE")]) { PutBack = "kubectl patch configmap config" },
        ];

        var card = EvidenceCard.Of(Some.Lease() with { State = LeaseState.Ended, Hands = hands });

        Assert.Equal("kubectl patch configmap config", card.Parts.OfType<Part.Verbatim>().Last().Value);
        var where = card.Parts.OfType<Part.Paragraph>().Last().Text.ToString();
        Assert.Contains("ConfigMap/file. They are in the record with this pause: on its page", where, StringComparison.Ordinal);
        Assert.Contains($"/incident timeline {Some.Lease().Incident}", where, StringComparison.Ordinal);
        Assert.EndsWith(hands[0].PutBack + "\n" + hands[1].PutBack, EvidenceTexts.Found(Some.Lease().Target, hands, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_of_one_application_are_kept_as_long_as_there_is_room_the_shortest_first()
    {
        ResourceDrift[] drifts = [.. Enumerable.Range(1, 6).Reverse().Select(number => new ResourceDrift("ConfigMap", "shop", $"file-{number}", [Changed("/data/app.conf")]) { PutBack = new string((char)('a' + number), 60_000 + number) })];

        var kept = HandChanges.In(new DriftReport(Some.Facts(), "", drifts, [], IsComplete: true), out _);

        Assert.Equal(["file-4", "file-3", "file-2", "file-1"], kept.Where(resource => resource.PutBack is not null).Select(resource => resource.Name));
        Assert.Equal([NoWayBack.TooLong, NoWayBack.TooLong, null, null, null, null], kept.Select(resource => resource.Fields[0].NoWay));
    }

    private static Drift Changed(string path) => new(path, "slow", "fast", DriftClass.Changed, "kubectl", Some.Now);
}
