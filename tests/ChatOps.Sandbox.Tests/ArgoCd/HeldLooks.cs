namespace ChatOps.Sandbox.Tests.ArgoCd;

/// <summary>Holds the controller's next request until it may go on: a turn that takes long, as on a busy machine.</summary>
internal sealed class HeldLooks : DelegatingHandler
{
    private Look? next;

    public HeldLooks()
        : base(new SocketsHttpHandler())
    {
    }

    public Look HoldNext() => next = new Look();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref next, null) is { } held)
        {
            await held.PassAsync();
        }

        return await base.SendAsync(request, cancellationToken);
    }

    internal sealed class Look
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public void GoOn() => passed.SetResult();

        public async Task PassAsync()
        {
            begun.SetResult();
            await passed.Task;
        }
    }
}
