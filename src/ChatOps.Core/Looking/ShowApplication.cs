using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>Answers <c>status &lt;app&gt;</c>: what is deployed, and why Argo CD does nothing if it does nothing.</summary>
public sealed class ShowApplication(ApplicationsSeen seen, IRecords records, Reception reception, Answering answering)
{
    public async Task<Refusal?> HandleAsync(Command.ShowApplication command, Delivery delivery, CancellationToken ct)
    {
        var (application, refusal) = await seen.FindAsync(command.Application, delivery, ct);
        if (application is null)
        {
            return refusal;
        }

        var (answer, deployed) = await seen.Of(application).ShowAsync(application, ct);
        if (deployed is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I cannot read {application.Name:code}."));
        }

        var ours = (await records.UnsettledLeasesAsync(ct)).Where(lease => lease.IsUnsettled && lease.Target == application).OrderByDescending(lease => lease.IsLive).ThenByDescending(lease => lease.Deadline).ToList();
        var others = Untaken.In(await records.AlertsAsync(onlyLive: true, ct)).Where(one => one.Application == application).OrderBy(one => one.Alert.StartedAt).Select(one => one.Override).ToList();
        await answering.AnswerAsync([ApplicationCard.Of(deployed, ours, others, reception, delivery.From.Platform)], Text.Empty, delivery, ct);
        return null;
    }
}
