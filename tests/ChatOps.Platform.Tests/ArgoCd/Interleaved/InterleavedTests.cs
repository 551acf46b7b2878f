using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;
using CsCheck;

namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>
/// Somebody changes the application or its project between every read and write of ours, and answers are lost: no change of
/// theirs is ever lost, no override is ever orphaned, no operation of somebody else is replaced.
/// </summary>
public sealed class InterleavedTests : IAsyncLifetime
{
    private const int Longest = 25;
    private const int Shortest = 8;
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;
    private ArgoCdReconciler reconciler = null!;

    private static long Iterations => long.TryParse(Environment.GetEnvironmentVariable("CHATOPS_STORIES"), out var many) ? many : 600;

    [Theory]
    [InlineData(Tale.PauseByField)]
    [InlineData(Tale.PauseByTakingOut)]
    [InlineData(Tale.PauseByWindow)]
    [InlineData(Tale.PauseInPart)]
    [InlineData(Tale.PauseInSet)]
    [InlineData(Tale.Rollback)]
    [InlineData(Tale.RollbackBehindWindow)]
    [InlineData(Tale.Branch)]
    [InlineData(Tale.BranchBehindWindow)]
    [InlineData(Tale.Sync)]
    [InlineData(Tale.Refresh)]
    [InlineData(Tale.TerminateWhatRuns)]
    [InlineData(Tale.TerminateWhatAWindowKeeps)]
    [InlineData(Tale.TerminateWhatHasNotBegun)]
    public void Whatever_others_do_between_our_reads_and_writes_theirs_stays_and_ours_ends(Tale tale) =>
        Scripts(Somebody.In(tale), Longest).Sample(script => Story.PlayAsync(fake, reconciler, tale, script).GetAwaiter().GetResult(), iter: Iterations, threads: 1, print: Print);

    [Theory]
    [InlineData(Tale.PauseByField, Sequel.LeftToTheOther)]
    [InlineData(Tale.PauseInPart, Sequel.LeftToTheOther)]
    [InlineData(Tale.PauseByField, Sequel.Extended)]
    [InlineData(Tale.PauseInPart, Sequel.Extended)]
    [InlineData(Tale.PauseByWindow, Sequel.Extended)]
    [InlineData(Tale.PauseByWindow, Sequel.BesideAnother)]
    [InlineData(Tale.Branch, Sequel.MovedOn)]
    [InlineData(Tale.BranchBehindWindow, Sequel.MovedOn)]
    public void Whatever_others_do_while_an_override_goes_on_theirs_stays_and_ours_ends(Tale tale, Sequel sequel) =>
        Scripts(Somebody.In(tale), Longest).Sample(script => Continued.PlayAsync(fake, reconciler, tale, sequel, script).GetAwaiter().GetResult(), iter: Iterations, threads: 1, print: Print);

    [Theory]
    [InlineData("switches off")]
    [InlineData("takes the sync policy out")]
    [InlineData("moves the revision")]
    [InlineData("has it skipped")]
    public void Whatever_others_do_while_an_override_from_outside_is_put_back_theirs_stays(string act) =>
        Scripts(FromOutside.Acts, Shortest).Sample(script => FromOutside.PlayAsync(fake, reconciler, act, script).GetAwaiter().GetResult(), iter: Iterations, threads: 1, print: Print);

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        fake.Put("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io", ArgoCdReconcilerTests.Crd());
        api = new(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" }, new HttpClient { BaseAddress = fake.Url });
        reconciler = api.Reconciler();
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    /// <summary>Half of the moments nothing happens.</summary>
    private static Gen<int[]> Scripts(IReadOnlyList<int> acts, int longest) => Gen.Int[-acts.Count, acts.Count - 1].Select(next => next < 0 ? next : acts[next]).Array[1, longest];

    private static string Print(int[] script) => string.Join(", ", script.Select(next => next < 0 ? "-" : Somebody.All[next]));
}
