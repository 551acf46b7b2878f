using System.Text.Json.Serialization;
using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Storage.Documents;

internal sealed record AskNextDocument(string Role, TimeSpan After);

internal sealed record EmergencyDocument(TimeSpan AfterSilence, TimeSpan Longest);

/// <summary>What the rulebook said at the time, kept whole.</summary>
internal sealed record AuthorityDocument(
    string Rule,
    string PolicyVersion,
    string Role,
    string KubernetesUser,
    int ApprovalsNeeded,
    string? ApproverRole,
    TimeSpan LongestInAll,
    bool ResumeAtDeadline,
    IReadOnlyList<AskNextDocument> AskNext,
    EmergencyDocument? Emergency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Recognition KnownByAtLeast = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] OverwritingDocument? Overwriting = null)
{
    public static AuthorityDocument From(Authority authority) => new(
        authority.Rule,
        authority.PolicyVersion,
        authority.Role,
        authority.KubernetesUser,
        authority.ApprovalsNeeded,
        authority.ApproverRole,
        authority.LongestInAll,
        authority.ResumeAtDeadline,
        [.. authority.AskNext.Select(next => new AskNextDocument(next.Role, next.After))],
        authority.Emergency is { } emergency ? new(emergency.AfterSilence, emergency.Longest) : null,
        authority.KnownByAtLeast,
        OverwritingDocument.From(authority.Overwriting));

    public Authority ToAuthority() => new(
        Rule,
        PolicyVersion,
        Role,
        KubernetesUser,
        ApprovalsNeeded,
        ApproverRole,
        LongestInAll,
        ResumeAtDeadline,
        [.. AskNext.Select(next => new AskNext(next.Role, next.After))],
        Emergency is null ? null : new(Emergency.AfterSilence, Emergency.Longest))
    {
        KnownByAtLeast = KnownByAtLeast,
        Overwriting = Overwriting?.ToRule() ?? Core.Policy.Overwriting.BySecondPress,
    };
}
