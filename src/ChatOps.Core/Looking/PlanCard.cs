using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Core.Looking;

/// <summary>What a change would come to if it were said without <c>plan</c>, from the file that is then thrown away.</summary>
public static class PlanCard
{
    /// <param name="refused">Of one command that ends several overrides, why it ends some of them not, by their leases.</param>
    public static Card Of(IncidentFile file, IReadOnlyDictionary<Guid, Text> refused, Reception reception, ChatPlatform platform)
    {
        var parts = new List<Part> { new Part.Paragraph(Text.Of($"{"Nothing was asked for and nothing was done.":b} Said without {"plan":code}, this would follow:")) };
        var title = "Plan";
        foreach (var operation in file.Changes.Operations)
        {
            var card = OperationCard.Of(operation, reception, platform, file.Now, []);
            title = $"Plan: {card.Title}";
            parts.Add(new Part.Paragraph(Needs(operation)));
            parts.AddRange(card.Parts.Select(WithoutState).OfType<Part>().SkipLast(1));
            parts.Add(new Part.Footnote(Text.Of($"Rule {operation.Authority.Rule} of policy {operation.Authority.PolicyVersion} · would act in the cluster as {operation.Authority.KubernetesUser:code} · plan {operation.Plan.Hash[..12]} as long as the target stays as it is")));
        }

        if (file.Changes.Operations.Count == 0)
        {
            parts.AddRange(PlannedEnds.Of(file, refused, reception));
        }

        return new(title, Tone.Neutral, parts);
    }

    private static Text Needs(Operation operation) => operation.Authority.ApprovalsNeeded switch
    {
        0 => "It would run at once: the rule asks for no approval.",
        1 => Text.Of($"It would wait for one approval by {operation.Authority.ApproverRole ?? "":b}."),
        var count => Text.Of($"It would wait for {count} approvals by {operation.Authority.ApproverRole ?? "":b}."),
    };

    /// <summary>The card of an operation that is not there has no state and offers nothing.</summary>
    private static Part? WithoutState(Part part) => part switch
    {
        Part.Facts facts => new Part.Facts([.. facts.Rows.Where(row => row.Label != "State")]),
        Part.Footnote(var text) when text.ToString().StartsWith("The last approval", StringComparison.Ordinal) => null,
        Part.Buttons => null,
        _ => part,
    };
}
