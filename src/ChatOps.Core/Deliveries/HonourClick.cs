using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Deliveries;

/// <summary>
/// A press of a button or the answer of a dialog. The token is looked up; what it means, on which message and until when
/// is ours, nothing of it comes from chat.
/// </summary>
public sealed class HonourClick(IRecords records, DecideOperation decide, SelfApproveOperation alone, HonourLeaseClick lease, HonourAccessClick access, HonourSaying saying, TimeProvider time)
{
    public async Task<Refusal?> HandleAsync(Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var token = delivery.Said switch
        {
            Said.Pressed pressed => pressed.Token,
            Said.Answered answered => answered.Token,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (await records.FindChoiceAsync(token, ct) is not { } choice || Incidents.Clock.Now(time) >= choice.Expires)
        {
            return new Refusal(RefusalKind.TooLate, "This button is no longer in use; nothing was done.") { Instead = "Look at the newest card in the thread." };
        }

        // A button sits on a message and is pressed there; a dialog's token comes back as an answer. Nothing else is ours.
        var comesAsMade = (choice.Message, delivery.Said) switch
        {
            ({ } expected, Said.Pressed { Message: null }) => expected == MessageKey.SeenOnlyBy(speaker.Account),
            ({ IsPrivate: false } expected, Said.Pressed { Message: { } message }) => await SitsOnAsync(expected, message, ct),
            (null, Said.Answered) => true,
            _ => false,
        };
        if (!comesAsMade)
        {
            return new Refusal(RefusalKind.NotAllowed, "This button came from another message than the one it was made for; nothing was done.");
        }

        var typed = delivery.Said is Said.Answered answers ? answers.Values : null;
        return choice.Kind switch
        {
            ChoiceKind.Approve or ChoiceKind.Deny or ChoiceKind.Withdraw or ChoiceKind.CloseReview or ChoiceKind.ApproveForLess => await decide.HandleAsync(choice, speaker, null, delivery, ct),
            ChoiceKind.DenyWithReason => await decide.HandleAsync(choice, speaker, typed?.GetValueOrDefault("reason"), delivery, ct),
            ChoiceKind.ApproveFor => await decide.HandleAsync(choice, speaker, typed?.GetValueOrDefault("for"), delivery, ct),
            ChoiceKind.SelfApprove => await alone.AskAsync(choice, speaker, delivery, ct),
            ChoiceKind.SelfApproveConfirmed => await alone.ConfirmAsync(choice, speaker, typed?.GetValueOrDefault("reason"), delivery, ct),
            ChoiceKind.SayCommand or ChoiceKind.SayOfOutside or ChoiceKind.SayAfterAsking or ChoiceKind.SayAnswered => await saying.HandleAsync(choice, typed, speaker, delivery, ct),
            ChoiceKind.ExtendLease or ChoiceKind.ExtendLeaseBy or ChoiceKind.ResumeLease or ChoiceKind.ResumeKnowing or ChoiceKind.NeedOwner or ChoiceKind.TakeLease or ChoiceKind.LeaveOff => await lease.HandleAsync(choice, typed, speaker, delivery, ct),
            ChoiceKind.EndGrant or ChoiceKind.ExtendGrant or ChoiceKind.ExtendGrantBy => await access.HandleAsync(choice, typed, speaker, delivery, ct),
        };
    }

    /// <summary>
    /// Somebody may be quicker than the platform's answer to our post, or press the first of two copies when that answer was
    /// lost: a message that the books do not know is the one it was made for, unless that one is known to be another and
    /// the only one. The token alone says what is decided.
    /// </summary>
    private async Task<bool> SitsOnAsync(MessageKey expected, MessageRef message, CancellationToken ct) =>
        await records.FindMessageAsync(message with { Thread = null }, ct) is { } posted
            ? posted.Key == expected
            : await records.FindMessageAsync(expected, message.Channel, ct) is not { MayHaveCopies: false };
}

/// <summary>Clicks about an override: extend, resume, hand over.</summary>
public sealed class HonourLeaseClick(IRecords records, RequestExtension extend, ResumeLease resume, OwnLease own, TimeProvider time)
{
    public async Task<Refusal?> HandleAsync(Choice choice, IReadOnlyDictionary<string, string>? typed, Speaker speaker, Delivery delivery, CancellationToken ct) => choice.Kind switch
    {
        ChoiceKind.ExtendLease => await AskHowLongAsync(choice, speaker, delivery, ct),
        ChoiceKind.ExtendLeaseBy => Durations.TryParse(typed?.GetValueOrDefault("by") ?? "", out var by) && by > TimeSpan.Zero && by <= Durations.Longest
            ? await extend.HandleAsync(choice.Subject, by, typed?.GetValueOrDefault("reason") ?? "", speaker, delivery, ct)
            : new Refusal(RefusalKind.NotUnderstood, Text.Of($"{typed?.GetValueOrDefault("by") ?? "":code} is no time that an extension can be counted by.")) { Instead = Text.Of($"Write {"30m":code} or {"1h30m":code}.") },
        ChoiceKind.ResumeLease => await resume.ResumeAsync(choice.Subject, speaker, delivery, ct),
        ChoiceKind.ResumeKnowing => await resume.ResumeKnowingAsync(choice.Subject, choice.Message, speaker, delivery, ct),
        ChoiceKind.LeaveOff => await resume.LeaveOffAsync(choice.Subject, speaker, delivery, ct),
        ChoiceKind.NeedOwner => await own.LetGoAsync(choice.Subject, speaker, delivery, ct),
        ChoiceKind.TakeLease => await own.HandleAsync(choice.Subject, speaker.Person, speaker, delivery, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Refusal?> AskHowLongAsync(Choice choice, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var token = Tokens.Next();
        var dialog = new Dialog("Extend the override", token, "Ask for it", "An extension needs its approvals again.",
            [new Question("by", "By how long?", Multiline: false, MostCharacters: 20) { Hint = "30m, 1h30m" }, new Question("reason", "Why?", Multiline: true, MostCharacters: 500)]);
        await records.CommitAsync(new Changes()
            .Offer(new Choice(token, ChoiceKind.ExtendLeaseBy, choice.Subject, null, null, Incidents.Clock.Now(time) + TimeSpan.FromMinutes(30)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery), ct);
        return null;
    }
}
