using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Outside;

public enum OutsideKind
{
    AutoSyncOff,
    SkipReconcile,
    RevisionMoved,

    /// <summary>A sync window in its project, which may hold others back as well.</summary>
    WindowAdded,
}

/// <summary>One field that somebody else changed: what was there before, and what they left; null where they left nothing.</summary>
public sealed record MovedField(JsonValueAt Before, string? Seen);

/// <summary>An override of Git that was not made through us: with kubectl, in Argo CD itself, by a script.</summary>
/// <param name="By">The field manager that wrote it; null where the cluster does not tell.</param>
/// <param name="At">When, by the cluster's clock.</param>
public sealed record OutsideOverride(OutsideKind Kind, string? By, DateTimeOffset? At, IReadOnlyList<MovedField> Fields)
{
    private const string Nobody = "somebody (the cluster does not say who)";

    /// <summary>For <see cref="OutsideKind.WindowAdded"/>, which changes no field of the application: the window.</summary>
    public OutsideWindow? Window { get; init; }

    /// <summary>Whose hand it was, in words.</summary>
    public string Hand => By ?? Nobody;

    /// <summary>Fields of a hydrator and windows of others are nobody's of us to write: neither RBAC's admission nor a verb of ours has them.</summary>
    public bool IsOursToPutBack => Window is null && !Fields.Any(moved => moved.Before.Path.StartsWith("/spec/sourceHydrator/", StringComparison.Ordinal));

    /// <summary>Nothing from before has to be known to tell it or to put it back.</summary>
    public bool IsKnownByItself => Kind is OutsideKind.SkipReconcile or OutsideKind.WindowAdded;

    /// <summary>What somebody who may can run to put it back.</summary>
    public string ByHand(ApplicationRef application) => Window is { } window ? window.ByHand :
        $"kubectl patch applications.argoproj.io {application.Name} --namespace {application.Namespace} --type json --patch '[{string.Join(',', Fields.Select(moved => $$"""{"op":"replace","path":"{{moved.Before.Path}}","value":{{moved.Before.Json ?? "\"\""}}}""")).Replace("'", @"'\''", StringComparison.Ordinal)}]'";

    /// <summary>Whether it is the same change as the other one, however often it is looked at.</summary>
    public bool IsSameAs(OutsideOverride other) => Kind == other.Kind && By == other.By && Fields.SequenceEqual(other.Fields);

    /// <summary>Whether what it did is still there, whoever touched it since.</summary>
    public bool IsStillThere(ApplicationFacts facts) => Kind switch
    {
        OutsideKind.AutoSyncOff => !facts.AutoSyncOn,
        OutsideKind.SkipReconcile => facts.Skip is not null,
        OutsideKind.RevisionMoved => Fields.Any(moved => facts.Sources.Any(source => source.Follows.Path == moved.Before.Path && source.Follows.Json != moved.Before.Json)),
        OutsideKind.WindowAdded => facts.UnreadProjects.Count > 0 || facts.ProjectWindows.Contains(Window!.Json),
    };

    /// <summary>"auto-sync is off": what people find.</summary>
    public string Condition => Kind switch
    {
        OutsideKind.AutoSyncOff => "auto-sync is off",
        OutsideKind.SkipReconcile => "Argo CD is told to skip it",
        OutsideKind.RevisionMoved => "its target revision was moved",
        OutsideKind.WindowAdded => $"a sync window of project {Window!.Project} holds it back",
    };

    /// <summary>"auto-sync is on again": what they find once it is over.</summary>
    public string Over => Kind switch
    {
        OutsideKind.AutoSyncOff => "auto-sync is on again",
        OutsideKind.SkipReconcile => "Argo CD works on it again",
        OutsideKind.RevisionMoved => "it follows what it did before",
        OutsideKind.WindowAdded => $"that sync window of project {Window!.Project} holds it back no more",
    };

    /// <summary>Who did what and when, and what follows from it.</summary>
    public Text Story => Kind switch
    {
        OutsideKind.AutoSyncOff => Text.Of($"auto-sync was switched off by {Hand:b}{When}, not through me: Argo CD neither deploys what Git says nor puts it back."),
        OutsideKind.SkipReconcile => Text.Of($"the annotation {"skip-reconcile":code} was set by {Hand:b}{When}, not through me: Argo CD ignores it, and what it shows of it is stale."),
        OutsideKind.RevisionMoved when !IsOursToPutBack => Text.Of($"what Argo CD renders and follows was moved by {Hand:b}{When}, not through me: {string.Join(", ", Fields.Select(moved => moved.Before.Path["/spec/sourceHydrator/".Length..].Replace('/', '.'))):code} from {Spoken(moved => moved.Before.Json):code} to {Spoken(moved => moved.Seen):code}."),
        OutsideKind.RevisionMoved => Text.Of($"the target revision was moved by {Hand:b}{When}, not through me: from {Spoken(moved => moved.Before.Json):code} to {Spoken(moved => moved.Seen):code}."),
        OutsideKind.WindowAdded => Text.Of($"a sync window ({Window!.Words}) was added to project {Window.Project:code} or changed by {Hand:b}{When}, not through me: while it holds, Argo CD neither deploys by itself nor puts anything back."),
    };

    private Text When => At is { } at ? Text.Of($" at {at}") : Text.Empty;

    private string Spoken(Func<MovedField, string?> value) => string.Join(", ", Fields.Select(moved => value(moved)?.Trim('"') is { Length: > 0 } said ? said : "HEAD"));
}
