namespace ChatOps.Core.Grants;

/// <summary>
/// What one cluster is asked at once about the ends of grants, by however many pieces of work. A proof is several questions,
/// and none is asked while an end waits for its turn or its answer.
/// </summary>
internal sealed class EndTurns
{
    public const int EndsAtOnce = 16;
    private const int ProofsAtOnce = 4;
    private readonly Lock gate = new();
    private TaskCompletionSource? busy;
    private int ending;

    private SemaphoreSlim Ends { get; } = new(EndsAtOnce);

    private SemaphoreSlim Proofs { get; } = new(ProofsAtOnce);

    public async Task<T> EndAsync<T>(Func<Task<T>> end, CancellationToken ct)
    {
        Begin();
        try
        {
            await Ends.WaitAsync(ct);
            try
            {
                return await end();
            }
            finally
            {
                Ends.Release();
            }
        }
        finally
        {
            Finish();
        }
    }

    public async Task<T> ProveAsync<T>(Func<Task<T>> prove, CancellationToken ct)
    {
        await Proofs.WaitAsync(ct);
        try
        {
            await NoneEndsAsync().WaitAsync(ct);
            return await prove();
        }
        finally
        {
            Proofs.Release();
        }
    }

    private void Begin()
    {
        lock (gate)
        {
            ending++;
            busy ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Finish()
    {
        lock (gate)
        {
            if (--ending == 0)
            {
                busy!.SetResult();
                busy = null;
            }
        }
    }

    private Task NoneEndsAsync()
    {
        lock (gate)
        {
            return busy?.Task ?? Task.CompletedTask;
        }
    }
}
