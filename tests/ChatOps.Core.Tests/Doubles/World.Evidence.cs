using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>What was done with access, as the cluster's audit log tells it.</content>
internal sealed partial class World
{
    public HearAudit HearAudit { get; private set; } = null!;

    /// <summary>What a look at the cluster finds after an end.</summary>
    public Leftovers Leftovers { get; set; } = new([], []);

    /// <summary>How often the cluster was looked at for it.</summary>
    public int LeftoverLooks { get; private set; }

    /// <summary>What live objects in the grant's namespaces say.</summary>
    public Writes Writes { get; set; } = new([], [], []);

    /// <summary>What Argo CD tells that it did.</summary>
    public List<Happening> ToldByEngine => evidenceView.Happened;

    /// <summary>What differs from Git.</summary>
    public IReadOnlyList<ResourceDrift> Drifts
    {
        get => evidenceView.Drifts;
        set => evidenceView.Drifts = value;
    }

    private TellUse TellUse { get; set; } = null!;

    private GuessUse GuessUse { get; set; } = null!;

    private SumUpUse SumUpUse { get; set; } = null!;

    private IdleHint IdleHint { get; set; } = null!;

    private void BuildEvidence(Applications applications, WhichIncident which)
    {
        evidenceView = new(Cluster);
        HearAudit = new(Records, Time);
        TellUse = new(Records, Files, Register);
        IdleHint = new(Records, Files, Reception);
        GuessUse = new(Records, new ApplicationsSeen(applications, [evidenceView], which), (_, _) => Task.FromResult(Writes), Time);
        SumUpUse = new(Records, Files, (_, _, _) => Task.FromResult(Look()), GuessUse, TellUse, IdleHint, Register);
    }

    private ModelView evidenceView = null!;

    /// <summary>Rounds of the worker until nothing is due.</summary>
    public async Task WorkOnUsesAsync()
    {
        var (idle, notice) = (Policy.BreakGlass.IdleHintAfter, Policy.BreakGlass.NoticeBeforeEnd);
        for (var again = true; again;)
        {
            again = false;
            foreach (var use in await Records.LiveUsesAsync(default))
            {
                if (use.Due((await Records.FindGrantAsync(use.Grant, default))!, idle, notice, Now) is { } step)
                {
                    again = true;
                    await UnlessStaleAsync(() => step switch
                    {
                        UseStep.Tell => TellUse.HandleAsync(use.Grant, default),
                        UseStep.Look => GuessUse.HandleAsync(use.Grant, default),
                        UseStep.Hint => IdleHint.HandleAsync(use.Grant, default),
                        UseStep.SumUp => SumUpUse.HandleAsync(use.Grant, default),
                        UseStep.Settle => TellUse.SettleAsync(use.Grant, default),
                    });
                }
            }
        }
    }

    public async Task BeginUsesAsync() => await TellUse.BeginAsync([.. Records.AllGrants.Where(grant => grant.IsLive)], default);

    private Leftovers Look()
    {
        LeftoverLooks++;
        return Leftovers;
    }
}
