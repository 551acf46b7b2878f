namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Makes the race repeatable: the next automatic sync stops between its decision and its start, until released.</summary>
public sealed class HeldSync
{
    private readonly TaskCompletionSource<string> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Action ring;
    private Action? goOn;
    private bool released;

    internal HeldSync(Action ring) => this.ring = ring;

    /// <summary>Ends, with the application's name, when the controller has decided to sync and not yet written the operation.</summary>
    public Task<string> Decided => decided.Task;

    public void Release()
    {
        lock (gate)
        {
            released = true;
            goOn?.Invoke();
            goOn = null;
        }

        ring();
    }

    internal void Hold(string application, Action whenReleased)
    {
        lock (gate)
        {
            if (released)
            {
                whenReleased();
            }
            else
            {
                goOn = whenReleased;
            }
        }

        decided.TrySetResult(application);
    }
}
