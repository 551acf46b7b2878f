using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>Hands payloads to the app: commands and interactions once, events up to four times.</summary>
internal sealed class Deliverer(SlackWorkspace workspace, IAppTransport transport) : IAsyncDisposable
{
    private static readonly TimeSpan[] RetryAfter = [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> retrying = [];
    private TaskCompletionSource? held;

    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Nothing reaches the app from now on until <see cref="Release"/>.</summary>
    public void Hold() => held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        held?.TrySetResult();
        held = null;
    }

    public async Task<Delivery> OnceAsync(DeliveryKind kind, JsonObject payload)
    {
        var delivery = new Delivery(kind, payload, 0, null);
        await AttemptAsync(delivery);
        return delivery;
    }

    /// <summary>Comes back after the first attempt; the retries go on by the clock.</summary>
    public async Task<Delivery> EventAsync(JsonObject payload)
    {
        var first = new Delivery(DeliveryKind.Event, payload, 0, null);
        if (await AttemptAsync(first) is { } due)
        {
            workspace.Change(() => retrying.Add(RetryAsync(first, due)));
        }

        return first;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Release();
        await Task.WhenAll(workspace.Read(() => retrying.ToList())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RetryAsync(Delivery last, Task? due)
    {
        while (due is not null)
        {
            await due;
            last = new Delivery(DeliveryKind.Event, last.Payload, last.Retry + 1, last.Answer!.Failure);
            due = await AttemptAsync(last);
        }
    }

    /// <summary>The wait for the next attempt, or null when there is none; it runs from the instant at which the answer is known.</summary>
    private async Task<Task?> AttemptAsync(Delivery delivery)
    {
        if (held is { } until)
        {
            await until.Task;
        }

        workspace.Change(() => Deliveries.Add(delivery));
        AppAnswer answer;
        try
        {
            answer = await transport.SendAsync(delivery, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            answer = AppAnswer.Failed("connection_failed");
        }

        Task? due = null;
        workspace.Change(() =>
        {
            delivery.Answer = answer;
            if (WantsRetry(delivery, answer))
            {
                due = Task.Delay(RetryAfter[delivery.Retry], workspace.Time, stopping.Token);
            }
        });
        return due;
    }

    private static bool WantsRetry(Delivery delivery, AppAnswer answer) =>
        (string?)delivery.Payload["type"] == "event_callback" && answer is { IsAcknowledged: false, ForbidsRetry: false } && delivery.Retry < RetryAfter.Length;
}
