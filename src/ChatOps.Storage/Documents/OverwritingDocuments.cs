using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Policy;

namespace ChatOps.Storage.Documents;

/// <summary>What the end of an override needs that would overwrite changes by hand; not written where that is a second press.</summary>
internal sealed record OverwritingDocument(OverwritingNeeds Needs, string? FromRole, string Rule, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Recognition KnownByAtLeast = default)
{
    public static OverwritingDocument? From(Overwriting rule) => rule.Needs == OverwritingNeeds.SecondPress ? null : new(rule.Needs, rule.FromRole, rule.Rule, rule.KnownByAtLeast);

    public Overwriting ToRule() => new(Needs, FromRole, Rule) { KnownByAtLeast = KnownByAtLeast };
}

internal sealed record OverwriteQuestionDocument(string AskedBy, string Message, IReadOnlyList<string> Shown, bool WhateverValue, string? AgreedBy, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Blind = false)
{
    public static OverwriteQuestionDocument? From(OverwriteQuestion? question) => question is null ? null : new(question.AskedBy, question.Message.Value, question.Shown, question.WhateverValue, question.AgreedBy, question.Blind);

    public OverwriteQuestion ToQuestion() => new(AskedBy, new MessageKey(Message), Shown, WhateverValue) { AgreedBy = AgreedBy, Blind = Blind };
}

/// <summary>A message in the thread that still asks about an override.</summary>
internal sealed record AskedInThreadDocument(string Message, bool IsAboutOverwriting, DateTimeOffset Deadline, CardDocument Card)
{
    public static AskedInThreadDocument From(AskedInThread asked) => new(asked.Message.Value, asked.IsAboutOverwriting, asked.Deadline, CardDocument.Of(asked.Card));

    public AskedInThread ToAsked() => new(new MessageKey(Message), IsAboutOverwriting, Deadline, Card.ToCard());
}
