using ChatOps.Core.Reconciliation;

namespace ChatOps.Platform.ArgoCd;

/// <content>What owns something in a namespace.</content>
public sealed partial class ArgoCdReconciler
{
    public async Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> InNamespaceAsync(string name, CancellationToken ct)
    {
        var all = new List<ApplicationRef>();
        foreach (var ns in options.AllNamespaces)
        {
            var (answer, list) = await applications.ReadWholeAsync(ns, ct);
            if (!answer.IsOk)
            {
                return (answer, []);
            }

            all.AddRange(list.Items.Where(glance => glance.Namespaces?.Contains(name) == true).Select(glance => new ApplicationRef(Instance, glance.Namespace, glance.Name)));
        }

        return (ClusterAnswer.Ok, all);
    }
}
