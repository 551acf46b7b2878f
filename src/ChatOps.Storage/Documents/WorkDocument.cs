using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Storage.Documents;

/// <summary>The work of each kind under a name of its own.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Pause), "pause")]
[JsonDerivedType(typeof(PauseNamespace), "pause-namespace")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Extend), "extend")]
[JsonDerivedType(typeof(Refresh), "refresh")]
[JsonDerivedType(typeof(Sync), "sync")]
[JsonDerivedType(typeof(Terminate), "terminate")]
[JsonDerivedType(typeof(Rollback), "rollback")]
[JsonDerivedType(typeof(Branch), "branch")]
[JsonDerivedType(typeof(Grant), "grant")]
internal abstract record WorkDocument
{
    public static WorkDocument Of(PlannedWork work) => work switch
    {
        PauseWork pause => new Pause(pause.Mechanism, ValueAtDocument.From(pause.Before), FieldsDocument.From(pause.Only), SetEntryDocument.From(pause.InSet), pause.Since),
        NamespacePauseWork all => new PauseNamespace([.. all.Parts.Select(PausePartDocument.From)]),
        JoinWork join => new Join(join.Mechanism, ValueAtDocument.From(join.Before), join.Mark, join.EndedSync, SetEntryDocument.From(join.InSet), join.Since, FieldsDocument.From(join.Only)),
        ExtendWork extend => new Extend(extend.Mechanism, ValueAtDocument.From(extend.Before), extend.Of == LeaseKind.Pause ? null : extend.Of),
        RefreshWork refresh => new Refresh(refresh.Hard),
        SyncWork sync => new Sync(sync.Revisions, sync.SeveralSources, sync.Elsewhere, [.. sync.Only.Select(ResourceDocument.From)], sync.Prune, sync.Force, sync.SyncOptions, sync.Source, sync.Entry is null ? null : PastDocument.From(sync.Entry), sync.BehindWindow, sync.From.Count > 0 ? sync.From : null),
        TerminateWork terminate => new Terminate(terminate.By, terminate.StartedAt, terminate.Written.Length > 0 ? terminate.Written : null),
        RollbackWork back => new Rollback(back.Mechanism, ValueAtDocument.From(back.Before), PastDocument.From(back.To), back.SyncOptions, back.From.Count > 0 ? back.From : null, SetEntryDocument.From(back.InSet)),
        BranchWork branch => new Branch(BranchDocument.From(branch.To), branch.Note.Author, branch.Note.Message, branch.Note.At, [.. branch.AsRead.Select(ValueAtDocument.From)], branch.SeveralSources, branch.AutoSync, branch.SyncOptions, branch.Replaces, branch.Follows, branch.Standing, branch.BehindWindow, branch.Source.Length > 0 ? branch.Source : null),
        GrantWork grant => new Grant(grant.Access, grant.Subject, grant.Role, GrantScopeDocument.From(grant.Scope), [.. grant.Probes.Select(AccessRightDocument.From)], grant.Continues),
        _ => throw new UnreachableException(),
    };

    public abstract PlannedWork ToWork();

    internal sealed record Pause(
        PauseMechanism Mechanism, ValueAtDocument Before, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FieldsDocument? Only = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SetEntryDocument? InSet = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new PauseWork(Mechanism, Before.ToValue()) { Only = Only?.ToFields(), InSet = InSet?.ToEntry(), Since = Since };
    }

    internal sealed record PauseNamespace(IReadOnlyList<PausePartDocument> Parts) : WorkDocument
    {
        public override PlannedWork ToWork() => new NamespacePauseWork([.. Parts.Select(part => part.ToPart())]);
    }

    internal sealed record Join(
        PauseMechanism Mechanism, ValueAtDocument Before, Guid Mark, bool EndedSync,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SetEntryDocument? InSet = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? Since = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FieldsDocument? Only = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new JoinWork(Mechanism, Before.ToValue(), Mark, EndedSync) { InSet = InSet?.ToEntry(), Since = Since, Only = Only?.ToFields() };
    }

    internal sealed record Extend(PauseMechanism Mechanism, ValueAtDocument Before, LeaseKind? Kind = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new ExtendWork(Mechanism, Before.ToValue(), Kind ?? LeaseKind.Pause);
    }

    internal sealed record Refresh(bool Hard) : WorkDocument
    {
        public override PlannedWork ToWork() => new RefreshWork(Hard);
    }

    internal sealed record Sync(
        IReadOnlyList<string> Revisions, bool SeveralSources, bool Elsewhere, IReadOnlyList<ResourceDocument> Only, bool Prune, bool Force, IReadOnlyList<string> SyncOptions, string Source = "",
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PastDocument? Entry = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool BehindWindow = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? From = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new SyncWork(Revisions, SeveralSources, Elsewhere, [.. Only.Select(one => one.ToResource())], Prune, Force, SyncOptions) { Source = Source, Entry = Entry?.ToPast(), BehindWindow = BehindWindow, From = From ?? [] };
    }

    internal sealed record Terminate(string By, DateTimeOffset? StartedAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Written = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new TerminateWork(By, StartedAt) { Written = Written ?? "" };
    }

    internal sealed record Rollback(
        PauseMechanism Mechanism, ValueAtDocument Before, PastDocument To, IReadOnlyList<string> SyncOptions,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? From = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SetEntryDocument? InSet = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new RollbackWork(Mechanism, Before.ToValue(), To.ToPast(), SyncOptions) { From = From ?? [], InSet = InSet?.ToEntry() };
    }

    internal sealed record Branch(
        BranchDocument To, string Author, string Message, DateTimeOffset? At, IReadOnlyList<ValueAtDocument> AsRead, bool SeveralSources, bool AutoSync, IReadOnlyList<string> SyncOptions, Guid? Replaces,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Follows = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Guid? Standing = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? BehindWindow = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Source = null) : WorkDocument
    {
        public override PlannedWork ToWork() => new BranchWork(To.ToHeld(), new(Author, Message, At), [.. AsRead.Select(read => read.ToValue())], SeveralSources, AutoSync, SyncOptions, Replaces) { Follows = Follows, Standing = Standing, BehindWindow = BehindWindow, Source = Source ?? "" };
    }

    internal sealed record Grant(GrantKind Access, string Subject, string Role, GrantScopeDocument Scope, IReadOnlyList<AccessRightDocument> Probes, Guid? Continues) : WorkDocument
    {
        public override PlannedWork ToWork() => new GrantWork(Access, Subject, Role, Scope.ToScope(), [.. Probes.Select(right => right.ToRight())], Continues);
    }
}

internal sealed record ResourceDocument(string Group, string Kind, string Namespace, string Name)
{
    public static ResourceDocument From(ManagedResource resource) => new(resource.Group, resource.Kind, resource.Namespace, resource.Name);

    public ManagedResource ToResource() => new(Group, Kind, Namespace, Name);
}

internal sealed record PausePartDocument(TargetDocument Target, WorkDocument Work, IReadOnlyList<FieldChangeDocument> Changes)
{
    public static PausePartDocument From(PausePart part) => new(TargetDocument.Of(part.Target), WorkDocument.Of(part.Work), [.. part.Changes.Select(change => new FieldChangeDocument(change.Path, change.Before, change.After))]);

    public PausePart ToPart() => new((ApplicationTarget)Target.ToTarget(), (AboutPause)Work.ToWork(), [.. Changes.Select(change => new FieldChange(change.Path, change.Before, change.After))]);
}

/// <summary>What a pause of only some fields leaves to people.</summary>
internal sealed record FieldsDocument(IReadOnlyList<HeldResourceDocument> Resources, ValueAtDocument Options)
{
    public static FieldsDocument? From(HeldFields? only) => only is null ? null : new([.. only.Resources.Select(HeldResourceDocument.From)], ValueAtDocument.From(only.Options));

    public HeldFields ToFields() => new([.. Resources.Select(resource => resource.ToHeld())], Options.ToValue());
}

internal sealed record HeldResourceDocument(ResourceDocument Resource, IReadOnlyList<string> Pointers)
{
    public static HeldResourceDocument From(HeldResource held) => new(ResourceDocument.From(held.Resource), held.Pointers);

    public HeldResource ToHeld() => new(Resource.ToResource(), Pointers);
}

/// <summary>An entry of ours in a set.</summary>
internal sealed record SetEntryDocument(string Set, string Uid, string Application, bool HadList, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOurs = false)
{
    public static SetEntryDocument? From(SetEntry? entry) => entry is null ? null : new(entry.Set, entry.SetUid, entry.Application, entry.HadList, entry.IsOurs);

    public SetEntry ToEntry() => new(Set, Uid, Application, HadList) { IsOurs = IsOurs };
}

internal sealed record PastDocument(long Id, IReadOnlyList<string> Revisions, DateTimeOffset? At, string? Source, bool SeveralSources)
{
    public static PastDocument From(PastDeployment past) => new(past.Id, past.Revisions, past.At, past.SourceJson, past.SeveralSources);

    public PastDeployment ToPast() => new(Id, Revisions, At, Source, SeveralSources);
}
