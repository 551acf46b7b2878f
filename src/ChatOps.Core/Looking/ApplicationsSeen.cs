using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Looking;

/// <summary>Finds the one application that somebody wants to see, and the engine that shows it.</summary>
public sealed class ApplicationsSeen(Applications applications, IEnumerable<IApplicationView> views, Incidents.WhichIncident which)
{
    private readonly IReadOnlyList<IApplicationView> views = [.. views];

    public IReadOnlyList<IApplicationView> Views => views;

    public IApplicationView Of(ApplicationRef application) =>
        views.FirstOrDefault(view => view.Instance == application.Instance) ?? new NotConfigured(application.Instance);

    /// <summary>All of all engines, or a refusal that names the one that could not be read.</summary>
    public async Task<(IReadOnlyList<ApplicationRef> All, Refusal? Refusal)> ListAsync(CancellationToken ct)
    {
        var all = new List<ApplicationRef>();
        foreach (var view in views)
        {
            var reconciler = applications.Of(new(view.Instance, "", ""));
            var (answer, found) = await reconciler.ListAsync(ct);
            if (!answer.IsOk)
            {
                return ([], ClusterRefusals.For(answer, Text.Of($"I cannot list the applications of {view.Instance:code}.")));
            }

            all.AddRange(found);
        }

        return (all, null);
    }

    /// <summary>Applications of the incident that is spoken of go before others of the same name; none needs to be.</summary>
    public async Task<(ApplicationRef? Application, Refusal? Refusal)> FindAsync(ApplicationQuery query, Delivery delivery, CancellationToken ct)
    {
        var (incident, _) = await which.ResolveAsync(delivery.Place, query, null, ct);
        return await applications.FindAsync(query, incident?.Scope ?? [], ct);
    }
}
