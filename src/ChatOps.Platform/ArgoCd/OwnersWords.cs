using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Whether auto-sync that is not there any more is out by the word of whoever owns the application. Pure.</summary>
internal static class OwnersWords
{
    private static readonly string[] Automated = ["spec", "syncPolicy", "automated"];

    public static OwnersWord OfAutomated(ApplicationJson application, Surroundings around) => around.Owner.Kind switch
    {
        OwnerKind.Set => OfSet(application, around.OwnerObject),
        OwnerKind.Parent => OfParent(application, around.OwnerObject),
        OwnerKind.None or OwnerKind.Other => OwnersWord.None, // what Flux, Helm or Terraform bring, and when they do so again, is nowhere to be read
    };

    /// <summary>A set that updates what it made does so within half a second. What patches its template may take anything out.</summary>
    private static OwnersWord OfSet(ApplicationJson application, JsonElement set)
    {
        if (!set.IsObject || PauseWays.OnlyCreates(set) || PauseWays.Covers(set, application, Automated))
        {
            return OwnersWord.None;
        }

        return set.At(["spec", "template", .. Automated]).IsObject && set.At("spec", "templatePatch").IsAbsent ? OwnersWord.PutsItBack : OwnersWord.WithoutIt;
    }

    /// <summary>
    /// The manifest that it applied last tells what its Git has. Where the child carries none, the parent's verdict does, unless
    /// it is told to overlook the field. What is under way at the parent may still come to the child.
    /// </summary>
    private static OwnersWord OfParent(ApplicationJson child, JsonElement parent)
    {
        if (!parent.IsObject)
        {
            return OwnersWord.None;
        }

        var overlooks = ParentRules.Overlooks(parent, child.Raw, "Application", Automated);
        var applied = ManagedFields.LastWriterOf(child.Raw, "metadata", "annotations", FieldRules.LastApplied) is { Manager: not FieldRules.Applier } ? null : FieldRules.InLastApplied(child.Raw, Automated);
        if (applied == false || (applied is null && !overlooks && ParentRules.FindsSynced(parent, child)))
        {
            return OwnersWord.WithoutIt;
        }

        var engine = new ApplicationJson(parent);
        return Flights.InFlight(engine) is not null || (engine.SelfHealOn && !overlooks) ? OwnersWord.PutsItBack : OwnersWord.None;
    }
}
