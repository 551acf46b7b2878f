namespace ChatOps.Platform.Kubernetes;

/// <summary>The caller's token and a limit of our own, on a clock that a test can move.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource both;

    public Deadline(TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        limit = new CancellationTokenSource(timeout, time);
        both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
    }

    public CancellationToken Token => both.Token;

    public void Dispose()
    {
        both.Dispose();
        limit.Dispose();
    }
}
