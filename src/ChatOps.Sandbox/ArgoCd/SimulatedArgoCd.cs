namespace ChatOps.Sandbox.ArgoCd;

/// <summary>An Argo CD that reconciles from Git repositories on disk through any Kubernetes API, with the real one's timing, backoff and race.</summary>
/// <remarks>
/// Held against recordings of Argo CD 3.5.1 by the files in tests/ChatOps.Sandbox.Tests/ArgoCd/Golden; recordings.txt beside them says which recordings are held elsewhere.
/// Simulated, but in no recording: steps of a RollingSync (all its applications go at once); a controller that is frozen, slow or restarted; ignore rules in jq other than plain paths (ignored without an error);
/// malformed durations and time zones of windows; hooks other than Jobs, hooks that fail (SyncFail ones are not run), PostDelete, and Sync hooks (run after the resources of all waves here); <c>allowEmpty</c>; Prune=false; generators other than lists (none are rendered); of Helm more than values put into templates.
/// In rollback, rollback-multi-source and operation-other-revision the older commit's content was not recorded; it is told from the image that it deployed.
/// Not simulated although real: server-side apply and server-side diff (client-side apply is used), Kustomize, Lua health checks, the second, empty sync after an ordinary one.
/// </remarks>
public sealed class SimulatedArgoCd : IAsyncDisposable
{
    private readonly KubernetesApi api;
    private readonly Controller controller;
    private readonly Noticing noticing;
    private readonly Doorbell doorbell;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider time;
    private readonly Task loop;
    private volatile bool frozen;

    private SimulatedArgoCd(ArgoCdSimulationOptions options)
    {
        time = options.Time;
        api = new KubernetesApi(options);
        controller = new Controller(options, api);
        noticing = new Noticing(controller);
        doorbell = new Doorbell(api);
        loop = options.ByHand ? Task.CompletedTask : Task.Run(() => LoopAsync(stopping.Token));
    }

    /// <summary>The last thing that went wrong on the way to the API server; the controller begins anew after each.</summary>
    public string? LastFailure { get; private set; }

    public static async Task<SimulatedArgoCd> StartAsync(ArgoCdSimulationOptions options, CancellationToken ct)
    {
        var argo = new SimulatedArgoCd(options);
        if (!options.ByHand)
        {
            await argo.SettleAsync(ct);
        }

        return argo;
    }

    /// <summary>Does everything that is due now, and answers when the next thing is.</summary>
    public async Task<DateTimeOffset?> SettleAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            while (!frozen)
            {
                await noticing.LookAsync(ct);
                if (frozen)
                {
                    break;
                }

                if (controller.Queue.TakeDue(controller.Now) is not { } work)
                {
                    return controller.Queue.NextDue;
                }

                await work(ct);
            }

            return null;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// When this completes, nothing is compared, answered or started any more: to the outside, a dead controller. What is
    /// under way ends first; on a busy machine a turn goes on for seconds, because something is always due by then.
    /// </summary>
    public async Task FreezeAsync(CancellationToken ct)
    {
        frozen = true;
        await turn.WaitAsync(ct);
        turn.Release();
    }

    /// <summary>Goes on where it was frozen, with the decisions that were pending then.</summary>
    public void Thaw()
    {
        frozen = false;
        doorbell.Ring();
    }

    /// <summary>Forgets everything that is not in the API server, as a new pod does.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        Forget();
        turn.Release();
        Thaw();
    }

    /// <summary>Compares an application with Git at the next turn, as a resync does; only for a controller that is moved by hand.</summary>
    public void CompareAnew(string application) => noticing.CompareAnew(application);

    /// <summary>Makes every step late by this much.</summary>
    public void SlowDown(TimeSpan lag) => controller.Lag = lag;

    /// <summary>The next automatic sync that is decided waits between decision and start.</summary>
    public HeldSync HoldNextSync()
    {
        var held = new HeldSync(doorbell.Ring);
        controller.Hold = held;
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        await doorbell.DisposeAsync();
        stopping.Dispose();
        turn.Dispose();
        api.Dispose();
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var rung = doorbell.NextRing;
            DateTimeOffset? due;
            try
            {
                due = await SettleAsync(ct);
                doorbell.Listen(noticing.Places);
            }
#pragma warning disable CA1031 // a controller outlives its API server: whatever went wrong, it begins anew
            catch (Exception problem)
#pragma warning restore CA1031
            {
                if (ct.IsCancellationRequested)
                {
                    return;
                }

                LastFailure = problem.Message;
                Forget();
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
                continue;
            }

            await WaitAsync(rung, due, ct);
        }
    }

    private async Task WaitAsync(Task rung, DateTimeOffset? due, CancellationToken ct)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var wait = due is { } at ? at - time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        if (due is not null && wait <= TimeSpan.Zero)
        {
            return;
        }

        await Task.WhenAny(rung, Task.Delay(wait, time, waiting.Token));
        await waiting.CancelAsync();
    }

    private void Forget()
    {
        controller.Memory.Clear();
        controller.Projects.Forget();
        controller.Queue.Clear();
        noticing.Forget();
    }
}
