namespace ChatOps.Sandbox.Slack;

/// <summary>Makes Web API methods misbehave at the call that a test names.</summary>
public sealed class SlackFaults
{
    private readonly Lock gate = new();
    private readonly List<Planned> planned = [];

    /// <summary>From the n-th call of the method on (1 = the next), for so many calls. <c>*</c> is any method.</summary>
    public void Plan(string method, Fault fault, int nth = 1, int times = 1)
    {
        lock (gate)
        {
            planned.Add(new Planned(method, fault, nth, times));
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            planned.Clear();
        }
    }

    internal Fault? Take(string method)
    {
        lock (gate)
        {
            Fault? due = null;
            foreach (var plan in planned.Where(plan => plan.Method == "*" || plan.Method == method))
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

    private sealed class Planned(string method, Fault fault, int nth, int times)
    {
        public string Method { get; } = method;

        public Fault Fault { get; } = fault;

        public int Before { get; set; } = nth;

        public int Left { get; set; } = times;
    }
}
