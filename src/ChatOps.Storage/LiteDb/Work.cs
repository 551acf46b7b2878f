using ChatOps.Core.Records;

namespace ChatOps.Storage.LiteDb;

/// <summary>One thing that waits for the writer, and whoever waits for it.</summary>
internal sealed record Work(Func<Books, bool>? Change, Action<StoreFile>? Alone, CancellationToken Ct)
{
    private bool result;
    private Exception? failure;

    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Failed => failure is not null;

    /// <summary>Given up before it was begun. Once begun it runs to its end, so that its outcome is always known.</summary>
    public bool IsCanceled() => Ct.IsCancellationRequested && Done.TrySetCanceled(Ct);

    public void Run(Func<bool> action)
    {
        failure = null;
        try
        {
            result = action();
        }
        catch (Exception e) when (e is not (IOException or LiteDB.LiteException or UnauthorizedAccessException or ObjectDisposedException))
        {
            failure = e is DamagedException
                ? new RecordsUnavailableException($"The store is damaged: {e.Message}. Stop the program and restore the newest backup.", e)
                : e;
        }
    }

    public void Fail(Exception e) => failure ??= e;

    /// <summary>Only after the transaction is durable, or is known not to be.</summary>
    public void Complete()
    {
        if (failure is null)
        {
            Done.TrySetResult(result);
        }
        else
        {
            Done.TrySetException(failure);
        }
    }
}
