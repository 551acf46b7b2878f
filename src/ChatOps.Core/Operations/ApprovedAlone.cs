using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;

namespace ChatOps.Core.Operations;

/// <summary>What <see cref="EmergencyRule"/> and <see cref="EmergencyOffer"/> decide on: which alert confirms it, and since when somebody who may approve has been silent.</summary>
public sealed class ApprovedAlone(IRecords records, AskRulebook rules, ConfirmingAlert alerts, Reception reception)
{
    /// <summary>What the card says of it; null where there is nothing to say.</summary>
    public async Task<EmergencyOffer?> OfferAsync(Operation operation, string incidentOpenedBy, DateTimeOffset now, CancellationToken ct)
    {
        if (operation.State != OperationState.AwaitingApproval || operation.Authority.Emergency is null)
        {
            return null;
        }

        var asked = await AskedSinceAsync(operation, now, ct);
        var confirmed = !EmergencyRule.HasWitness(operation, incidentOpenedBy, confirmedByAlert: false) && await alerts.FindAsync(operation, now, ct) is not null;
        return EmergencyOffer.Of(operation, reception.NameOf(operation.RequestedBy), incidentOpenedBy, confirmed, asked, now);
    }

    public async Task<(Alert? Confirming, DateTimeOffset? AskedSince)> SeenAsync(Operation operation, DateTimeOffset now, CancellationToken ct) =>
        (await alerts.FindAsync(operation, now, ct), await AskedSinceAsync(operation, now, ct));

    private async Task<DateTimeOffset?> AskedSinceAsync(Operation operation, DateTimeOffset now, CancellationToken ct)
    {
        var first = (DateTimeOffset?)null;
        foreach (var account in (await rules.ApproversAsync(operation, now, ct)).People.SelectMany(approver => approver.Accounts))
        {
            if (await records.FindMessageAsync(MessageKey.AskApprover(operation.Id, account), null, ct) is { } message && (first is null || message.PostedAt < first))
            {
                first = message.PostedAt;
            }
        }

        return first;
    }
}
