using ChatOps.Sandbox.Slack.Api;

namespace ChatOps.Sandbox.Slack;

/// <summary>Makes Web API methods misbehave at the call that a test names.</summary>
public sealed class SlackFaults
{
    private readonly Lock gate = new();
    private readonly List<Planned> planned = [];
    private int hanging;

    /// <summary>Calls that get no answer until their caller gives up: only time helps them.</summary>
    public int Hanging => Volatile.Read(ref hanging);

    /// <summary>From the n-th call of the method on (1 = the next), for so many calls. <c>*</c> is any method.</summary>
    public void Plan(string method, Fault fault, int nth = 1, int times = 1) => Plan(call => method == "*" || call.Method == method, fault, nth, times);

    /// <summary>As above, for the calls that fit: a post to a channel is not one to a person.</summary>
    public void Plan(Predicate<ApiCall> when, Fault fault, int nth = 1, int times = 1)
    {
        lock (gate)
        {
            planned.Add(new Planned(when, fault, nth, times));
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            planned.Clear();
        }
    }

    internal async Task HangAsync(CancellationToken gone)
    {
        Interlocked.Increment(ref hanging);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref hanging);
    }

    internal Fault? Take(ApiCall call)
    {
        lock (gate)
        {
            Fault? due = null;
            foreach (var plan in planned.Where(plan => plan.When(call)))
            {
                plan.Before--;
                if (due is null && plan.Before <= 0 && plan.Left > 0)
                {
                    plan.Left--;
                    due = plan.Fault;
                }
            }

            return due;
        }
    }

    private sealed class Planned(Predicate<ApiCall> when, Fault fault, int nth, int times)
    {
        public Predicate<ApiCall> When { get; } = when;

        public Fault Fault { get; } = fault;

        public int Before { get; set; } = nth;

        public int Left { get; set; } = times;
    }
}
