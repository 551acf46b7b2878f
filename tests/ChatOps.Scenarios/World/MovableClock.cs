namespace ChatOps.Scenarios.World;

/// <summary>
/// Time as it passes, and moves ahead when a test says so: what is due by then happens at once. A move falls between the
/// calls that are under way, not into them: how long somebody waits for an answer (a cancellation's limit) goes on counting
/// as if there had been no move, or each move over a slow machine would be an outage.
/// </summary>
public sealed class MovableClock : TimeProvider
{
    /// <summary>Only who has to answer Slack within its three seconds gives up so soon; the simulated Slack waits longer, as <see cref="ScenarioWorld.Patience"/> says, and so do they.</summary>
    private static readonly (TimeSpan Over, TimeSpan Under) ForSlack = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));

    private readonly Lock gate = new();
    private readonly HashSet<Alarm> alarms = [];
    private TimeSpan ahead;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return System.GetUtcNow() + ahead;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isPatience = state is CancellationTokenSource;
        var alarm = new Alarm(this, () => callback(state), isPatience);
        alarm.Change(isPatience && dueTime > ForSlack.Over && dueTime < ForSlack.Under ? ScenarioWorld.Patience : dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan by) => Move(by, overPatience: false);

    /// <summary>Whoever waits for an answer waits no longer either: for what hangs.</summary>
    public void Hurry(TimeSpan by) => Move(by, overPatience: true);

    private void Move(TimeSpan by, bool overPatience)
    {
        List<Alarm> set;
        lock (gate)
        {
            ahead += by;
            set = [.. alarms];
        }

        foreach (var alarm in set)
        {
            alarm.SetAgain(alarm.IsPatience && !overPatience ? by : TimeSpan.Zero);
        }
    }

    private sealed class Alarm : ITimer
    {
        private readonly MovableClock clock;
        private readonly Action ring;
        private readonly ITimer real;
        private DateTimeOffset? due;
        private TimeSpan period;

        public Alarm(MovableClock clock, Action ring, bool isPatience)
        {
            this.clock = clock;
            this.ring = ring;
            IsPatience = isPatience;
            real = System.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool IsPatience { get; }

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            lock (clock.gate)
            {
                period = every;
                Set(dueTime == Timeout.InfiniteTimeSpan ? null : System.GetUtcNow() + clock.ahead + dueTime);
            }

            return true;
        }

        public void SetAgain(TimeSpan later)
        {
            lock (clock.gate)
            {
                Set(due + later);
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                Set(null);
            }

            real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring()
        {
            lock (clock.gate)
            {
                if (due is null || Left(due.Value) > TimeSpan.Zero)
                {
                    Set(due);
                    return;
                }

                Set(period > TimeSpan.Zero ? due + period : null);
            }

            ring();
        }

        private void Set(DateTimeOffset? at)
        {
            due = at;
            if (at is null)
            {
                clock.alarms.Remove(this);
                real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            clock.alarms.Add(this);
            var left = Left(at.Value);

            // Whole milliseconds, rounded up: a timer that rings early would be set again and again.
            real.Change(left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(left.TotalMilliseconds, int.MaxValue))) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        private TimeSpan Left(DateTimeOffset at) => at - (System.GetUtcNow() + clock.ahead);
    }
}
