using ChatOps.Core.Reconciliation;

namespace ChatOps.Scenarios.Owners;

/// <summary>How an override is made for one owner, and a part of the reason that people are told.</summary>
internal sealed record Way(PauseMechanism Mechanism, string Because);

/// <summary>
/// One kind of owner: an application that has it, and what the owner does while the override is there. A rollback is a pause
/// with a deployment behind it, so it is made as a pause is.
/// </summary>
internal sealed record OwnerCase(string Application, Way Pause, Way Branch)
{
    public Func<OwnerWorld, Task>? Given { get; init; }

    public Func<OwnerWorld, Task>? Then { get; init; }

    /// <summary>The rule lets its set be edited.</summary>
    public bool MayEditSet { get; init; }
}

/// <summary>Every kind of owner that was recorded (argocd-observed, section 6), and what is known to hold there.</summary>
internal static class OwnerCases
{
    private const string Set = "applicationsets/tools";
    private const string Parent = "applications/platform";
    private const string EnabledInGit = "      enabled: true\n";
    private static readonly Way Unowned = Field("no ApplicationSet and no parent application owns it");
    private static readonly Way NotInGit = Field("does not set this field in its Git");
    private static readonly Way BySet = Window("tools takes another revision back within half a second");
    private static readonly Way ByParent = Window("platform (app of apps) says which revision it follows");

    public static IReadOnlyDictionary<string, OwnerCase> All { get; } = new Dictionary<string, OwnerCase>(StringComparer.Ordinal)
    {
        ["nobody"] = new("checkout", Unowned, Unowned),
        ["nobody, with several sources"] = new("payments", Unowned, Unowned)
        {
            Given = world => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/payments", """{"spec":{"source":null,"sources":[{"repoURL":"https://git.example.com/shop/deploy.git","path":"payments","targetRevision":"main"},{"repoURL":"https://git.example.com/shop/deploy.git","targetRevision":"main","ref":"values"}]}}"""),
        },
        ["nobody, before Argo CD 3.1"] = new("checkout", new(PauseMechanism.TakeOut, "no ApplicationSet and no parent application owns it"), Unowned) { Given = world => world.ForgetEnabledAsync() },
        ["a set that only creates, before Argo CD 3.1"] = new("search", new(PauseMechanism.TakeOut, "does not change it again"), Field("does not change it again"))
        {
            Given = async world =>
            {
                await world.ForgetEnabledAsync();
                await OnlyCreateAsync(world);
            },
            Then = SetActsAsync,
        },
        ["a parent, before Argo CD 3.1"] = new("reports", Window("platform sets /spec/syncPolicy/automated"), ByParent) { Given = world => world.ForgetEnabledAsync(), Then = ParentActsAsync },
        ["nobody, in a namespace of its team"] = new("team-a/recommendations", Unowned, Unowned)
        {
            Given = async world =>
            {
                var app = await world.Shop.Repository.ReadAsync("main", "payments/app.yaml", CancellationToken.None);
                await world.Shop.Repository.CommitAsync("main", "recommendations", new Dictionary<string, string?> { ["recommendations/app.yaml"] = app.Replace("payments", "recommendations", StringComparison.Ordinal) }, CancellationToken.None);
                await world.AddElsewhereAsync("team-a", "recommendations");
            },
        },
        ["a set that ignores the field"] = Ignoring("""{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""),
        ["a set that ignores the block"] = Ignoring("""{"jsonPointers":["/spec/syncPolicy/automated"]}"""),
        ["a set that ignores it by name"] = Ignoring("""{"name":"search","jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""),
        ["a set that ignores it by jq"] = Ignoring("""{"jqPathExpressions":[".spec.syncPolicy.automated"]}"""),
        ["a set that ignores it for another"] = Ignoring("""{"name":"find","jsonPointers":["/spec/syncPolicy/automated/enabled"]}""") with { Pause = Window("tools takes a pause back within half a second") },
        ["a set that may be edited"] = new("search", Field("the set itself is edited"), BySet) { MayEditSet = true, Given = LetSetsBeEditedAsync, Then = SetActsAsync },
        ["a set that may be edited and ignores it for another"] = Ignoring("""{"name":"find","jsonPointers":["/spec/syncPolicy/automated/enabled"]}""") with
        {
            Pause = Field("the set itself is edited"),
            MayEditSet = true,
            Given = async world =>
            {
                await IgnoreAsync(world, """{"name":"find","jsonPointers":["/spec/syncPolicy/automated/enabled"]}""");
                await LetSetsBeEditedAsync(world);
            },
        },
        ["a set that ignores nothing"] = new("search", Window("tools takes a pause back within half a second"), BySet) { Then = SetActsAsync },
        ["a set that ignores nothing, with several sources"] = new("search", Window("tools takes a pause back within half a second"), BySet)
        {
            Given = world => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"template":{"spec":{"source":null,"sources":[{"repoURL":"https://git.example.com/shop/deploy.git","path":"search","targetRevision":"main"},{"repoURL":"https://git.example.com/shop/deploy.git","targetRevision":"main","ref":"values"}]}}}}"""),
            Then = SetActsAsync,
        },
        ["a set that only creates"] = new("search", Field("does not change it again"), Field("does not change it again"))
        {
            Given = OnlyCreateAsync,
            Then = SetActsAsync,
        },
        ["a set that rolls out"] = new("search", Window("RollingSync"), Window("RollingSync"))
        {
            Given = world => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"strategy":{"type":"RollingSync","rollingSync":{"steps":[{"matchExpressions":[]}]}}}}"""),
            Then = CommitOfTheirsAsync,
        },
        ["a parent"] = new("reports", NotInGit, ByParent) { Then = ParentActsAsync },
        ["a parent that applies server-side"] = new("reports", NotInGit, ByParent) { Given = With("ServerSideApply=true"), Then = ParentActsAsync },
        ["a parent that respects the field"] = new("reports", Field("leaves this field alone"), ByParent)
        {
            Given = async world =>
            {
                await RespectAsync(world, "/spec/syncPolicy/automated/enabled");
                await CommitAsync(world, EnabledInGit);
            },
            Then = world => CommitAsync(world, EnabledInGit, "    retry:\n      limit: 3\n"),
        },
        ["a parent that respects the revision"] = new("reports", NotInGit, Field("leaves its revision alone")) { Given = world => RespectAsync(world, "/spec/source/targetRevision"), Then = ParentActsAsync },
        ["a parent that replaces"] = new("reports", Window("platform replaces it whole"), Window("platform replaces it whole")) { Given = With("Replace=true"), Then = ParentActsAsync },
        ["a parent whose Git sets the field"] = new("reports", Window("platform sets /spec/syncPolicy/automated/enabled"), ByParent)
        {
            Given = world => CommitAsync(world, EnabledInGit),
            Then = world => CommitAsync(world, EnabledInGit, "    retry:\n      limit: 3\n"),
        },
    };

    /// <summary>What held when it was made, and what its owner then does that takes it back; the case's <c>Then</c> is that.</summary>
    public static IReadOnlyDictionary<string, (OwnerCase Case, string By)> TakenBack { get; } = new Dictionary<string, (OwnerCase Case, string By)>(StringComparer.Ordinal)
    {
        ["a parent whose Git begins to set the field"] = (new("reports", NotInGit, ByParent) { Then = world => CommitAsync(world, EnabledInGit) }, "argocd-controller"),
        ["a parent that begins to replace"] = (new("reports", NotInGit, ByParent)
        {
            Then = async world =>
            {
                await With("Replace=true")(world);
                await ParentActsAsync(world);
            },
        }, "the parent application platform, as it seems"),
        ["a set whose entry somebody takes out"] = (Ignoring("""{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}""") with { Then = ForgetEntriesAsync }, "ApplicationSet tools, as it seems"),
        ["a set that we edited and whose entry somebody takes out"] = (new("search", Field("the set itself is edited"), BySet) { MayEditSet = true, Given = LetSetsBeEditedAsync, Then = ForgetEntriesAsync }, "ApplicationSet tools, as it seems"),
    };

    private static Task ForgetEntriesAsync(OwnerWorld world) => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"ignoreApplicationDifferences":null}}""");

    private static Way Field(string because) => new(PauseMechanism.SwitchOff, because);

    private static Way Window(string because) => new(PauseMechanism.Window, because);

    private static OwnerCase Ignoring(string entry) => new("search", Field("leaves this field alone"), BySet)
    {
        Given = world => IgnoreAsync(world, entry),
        Then = SetActsAsync,
    };

    private static Task IgnoreAsync(OwnerWorld world, string entry) => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", $$$"""{"spec":{"ignoreApplicationDifferences":[{{{entry}}}]}}""");

    private static Task LetSetsBeEditedAsync(OwnerWorld world) => SetRights.LetAsync(world.Shop);

    private static Task OnlyCreateAsync(OwnerWorld world) => world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"syncPolicy":{"applicationsSync":"create-only"}}}""");

    private static Task RespectAsync(OwnerWorld world, string field) => world.Shop.AdminPatchesAsync(
        $"{OwnerWorld.Argo}/{Parent}",
        $$$$"""{"spec":{"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["{{{{field}}}}"]}],"syncPolicy":{"syncOptions":["RespectIgnoreDifferences=true"]}}}""");

    private static Func<OwnerWorld, Task> With(string option) => world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", $$$$"""{"spec":{"syncPolicy":{"syncOptions":["{{{{option}}}}"]}}}""");

    public static Task SetActsAsync(OwnerWorld world) =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"template":{"spec":{"syncPolicy":{"retry":{"limit":3}}}}}}""");

    /// <summary>Such a set deploys new revisions by operations of its own, whatever the application's policy says.</summary>
    private static async Task CommitOfTheirsAsync(OwnerWorld world)
    {
        var file = new Dictionary<string, string?> { ["search/index.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: search-index\n  namespace: shop\ndata:\n  SHARDS: \"3\"\n" };
        await world.Shop.Repository.CommitAsync("main", "search: an index", file, CancellationToken.None);
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/search", """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("blocked by sync window", (string?)(await world.ReadAsync("applications", "search"))["status"]!["operationState"]!["message"], StringComparison.Ordinal);
    }

    private static Task ParentActsAsync(OwnerWorld world) => CommitAsync(world, "", "    retry:\n      limit: 3\n");

    private static async Task CommitAsync(OwnerWorld world, string inAutomated, string inSyncPolicy = "")
    {
        var manifest = $"""
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: reports
              namespace: argocd
            spec:
              project: shop
              source:
                repoURL: https://git.example.com/shop/deploy.git
                path: reports
                targetRevision: main
              destination:
                server: https://kubernetes.default.svc
                namespace: shop
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
            {inAutomated}{inSyncPolicy}
            """;
        await world.Shop.Repository.CommitAsync("main", "reports, changed", new Dictionary<string, string?> { ["platform/reports.yaml"] = manifest }, CancellationToken.None);
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
    }
}
