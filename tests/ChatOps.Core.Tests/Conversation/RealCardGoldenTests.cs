using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Conversation;

/// <summary>
/// The cards that people decide by, word for word, in golden/. Set CHATOPS_GOLDEN=write to write anew, and read the difference.
/// How Slack shows the parts of a card is pinned beside its renderer.
/// </summary>
public sealed partial class RealCardGoldenTests
{
    public static TheoryData<OperationState> States => [.. Enum.GetValues<OperationState>()];

    [Theory]
    [MemberData(nameof(States))]
    public async Task The_card_of_an_operation_in_each_state(OperationState state)
    {
        var world = await World.WithIncidentAsync();
        var operation = Some.Operation(state, approvals: 2) with
        {
            Approvals = [new("carol", Some.Plan().Hash, Some.Now)],
            Notices = [.. OperationCard.Notices(Some.Facts() with { NextRevert = Some.Now.AddSeconds(38) }, Some.Plan()), .. OperationCard.CoverageNotice(covered: false, "chatops:on-call")],
            Progress = state == OperationState.Running ? "waiting for the controller" : null,
            Outcome = state is OperationState.Requested or OperationState.AwaitingApproval or OperationState.Approved or OperationState.Running ? null : "what came of it",
        };
        Button[] buttons = state == OperationState.AwaitingApproval ? [new("Approve", "t1", ButtonStyle.Primary), new("Deny …", "t2", ButtonStyle.Danger)] : [];

        Compare($"operation-{state.ToString().ToLowerInvariant()}", OperationCard.Of(operation, world.Reception, ChatPlatform.Slack, Some.Now, buttons));
    }

    [Fact]
    public async Task The_card_of_an_operation_that_was_approved_alone()
    {
        var world = await World.WithIncidentAsync();
        var alone = Some.Operation().SelfApprove(Some.Now).Start(Some.Now).Operation.Succeed(Some.Now);

        Compare("operation-alone", OperationCard.Of(alone, world.Reception, ChatPlatform.Slack, Some.Now, [new("Close the review", "t1")]));
    }

    [Fact]
    public async Task The_card_of_an_incident_that_was_declared_and_with_a_pause_in_it()
    {
        var world = await World.WithIncidentAsync();
        Compare("incident-declared", Newest(world, said => said.Card.Title.StartsWith("Incident 1", StringComparison.Ordinal)));

        await world.SayAsync("alice", "gitops", "pause shop-b for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because one is not enough");
        await world.PostAllAsync();
        Compare("incident-paused", Newest(world, said => said.Card.Title.StartsWith("Incident 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_an_owner_is_asked_before_the_end_and_everybody_after_it()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
        Compare("lease-near-its-end", Newest(world, said => said.Where == "DU-alice"));

        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.WorkAsync();
        await world.WorkAsync();
        await world.PostAllAsync();
        Compare("lease-past-its-end", Newest(world, said => said.Where == "DU-alice"));
    }

    private static Card Newest(World world, Func<(string What, string Where, string? Thread, Card Card), bool> fits) => world.Chat.Said.Last(fits).Card;

    private static void Compare(string name, Card card, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "golden", name + ".txt");
        var text = Written(card);
        if (Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>Ids and hashes differ from run to run.</summary>
    private static string Written(Card card) => Ids().Replace(string.Join('\n', [$"# {card.Title} ({card.Tone})", $"notification: {card.Summary}", .. card.Parts.Select(Written), ""]), "…");

    private static string Written(Part part) => part switch
    {
        Part.Paragraph(var text) => Written(text),
        Part.Facts(var rows) => string.Join('\n', rows.Select(row => $"{row.Label}: {Written(row.Value)}")),
        Part.Verbatim(var value) => $"```\n{value}\n```",
        Part.Divider => "---",
        Part.Footnote(var text) => $"small: {Written(text)}",
        Part.Curve curve => $"curve: {curve.Words} ({curve.Points.Count} values)",
        Part.Buttons(var row) => string.Join(' ', row.Select(button => $"[{button.Label}]{(button.Style == ButtonStyle.Plain ? "" : $"({button.Style})")}{(button.Confirm is { } ask ? $"{{{ask}}}" : "")}")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Written(Text text) => string.Concat(text.Runs.Select(run => run switch
    {
        Run.Bold(var value) => $"**{value}**",
        Run.Code(var value) => $"`{value}`",
        Run.Link(var target, var label) => $"[{label}]({target})",
        _ => new Text([run]).ToString(),
    }));

    [GeneratedRegex("[0-9a-f]{8,}", RegexOptions.NonBacktracking)]
    private static partial Regex Ids();
}
