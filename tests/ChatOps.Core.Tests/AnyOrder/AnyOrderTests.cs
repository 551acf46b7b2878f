using CsCheck;

namespace ChatOps.Core.Tests.AnyOrder;

/// <summary>
/// Whatever people, time, the cluster and a dying process do, in whatever order: the promises hold after every step, and
/// when the cluster answers again everything comes to an end.
/// </summary>
public class AnyOrderTests
{
    private static readonly Gen<(Act Act, int A, int B)[]> Stories =
        Gen.Select(
            Gen.Frequency((4, Gen.Const(Act.Request)), (6, Gen.Const(Act.Approve)), (8, Gen.Const(Act.Work)), (3, Gen.Const(Act.ClusterWillAnswer)), (20, Gen.Enum<Act>())),
            Gen.Int[0, 11],
            Gen.Int[0, 11]).Array[5, 60];

    [Fact]
    public void The_promises_hold_after_every_step_and_everything_settles() =>
        Stories.Sample(steps => Play(steps, quorum: 1), iter: Iterations, print: Print);

    [Fact]
    public void They_hold_with_two_approvals_and_resume_at_the_deadline() =>
        Stories.Sample(steps => Play(steps, quorum: 2), iter: Iterations, print: Print);

    [Fact]
    public void They_hold_with_two_incidents_that_need_the_same_applications() =>
        Stories.Sample(steps => Play(steps, quorum: 1, incidents: 2), iter: Iterations, print: Print);

    private static long Iterations => long.TryParse(Environment.GetEnvironmentVariable("CHATOPS_STORIES"), out var many) ? many : 400;

    private static string Print((Act Act, int A, int B)[] steps) => string.Join(", ", steps.Select(step => $"({step.Act},{step.A},{step.B})"));

    private static void Play((Act Act, int A, int B)[] steps, int quorum, int incidents = 1) => PlayAsync(steps, quorum, incidents).GetAwaiter().GetResult();

    private static async Task PlayAsync((Act Act, int A, int B)[] steps, int quorum, int incidents)
    {
        var story = await Story.BeginAsync(quorum, incidents);
        foreach (var (act, a, b) in steps)
        {
            await story.DoAsync(act, a, b);
            await story.Promises.CheckAsync();
        }

        await story.SettleAsync();
    }
}
