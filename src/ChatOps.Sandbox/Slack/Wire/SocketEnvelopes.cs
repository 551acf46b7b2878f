using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>Payloads on their way through the sockets: each to one arbitrary socket, again when the acknowledgement is lost.</summary>
internal sealed class SocketEnvelopes(SlackSockets sockets, SlackWorkspace workspace, TimeSpan acknowledgement) : IAppTransport
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject?>> pending = [];
    private int turn;
    private int toLose;

    public void LoseNextAcknowledgement() => Interlocked.Increment(ref toLose);

    public void Acknowledge(string envelope, JsonObject? payload)
    {
        if (pending.TryGetValue(envelope, out var waiting))
        {
            waiting.TrySetResult(payload);
        }
    }

    public async Task<AppAnswer> SendAsync(Delivery delivery, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(workspace.Now).ToString();
        using var deadline = new CancellationTokenSource(acknowledgement, workspace.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            while (sockets.Pick(Interlocked.Increment(ref turn)) is { } socket)
            {
                if (await AttemptAsync(socket, Envelope(id, delivery), id, either.Token) is { } answer && !IsLost())
                {
                    return answer;
                }
            }

            return AppAnswer.Failed("connection_failed");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return AppAnswer.Failed("timeout");
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    /// <summary>Null when the socket went away before it acknowledged.</summary>
    private async Task<AppAnswer?> AttemptAsync(SocketConnection socket, JsonObject envelope, string id, CancellationToken ct)
    {
        var acknowledged = new TaskCompletionSource<JsonObject?>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[id] = acknowledged;
        if (!await socket.SendAsync(envelope, ct))
        {
            socket.Cut();
            socket.IsTakingPayloads = false;
            return null;
        }

        await Task.WhenAny(acknowledged.Task, socket.Closed).WaitAsync(ct);
        if (!acknowledged.Task.IsCompleted)
        {
            socket.IsTakingPayloads = false;
            return null;
        }

        return AppAnswer.Acknowledged(await acknowledged.Task);
    }

    private bool IsLost()
    {
        if (Volatile.Read(ref toLose) == 0)
        {
            return false;
        }

        Interlocked.Decrement(ref toLose);
        return true;
    }

    private static JsonObject Envelope(string id, Delivery delivery)
    {
        var envelope = new JsonObject
        {
            ["envelope_id"] = id,
            ["type"] = delivery.Kind switch
            {
                DeliveryKind.Command => "slash_commands",
                DeliveryKind.Interaction => "interactive",
                DeliveryKind.Event => "events_api",
            },
            ["accepts_response_payload"] = delivery.Kind != DeliveryKind.Event,
            ["payload"] = delivery.Payload.DeepClone(),
        };
        if (delivery.Kind == DeliveryKind.Event)
        {
            envelope["retry_attempt"] = delivery.Retry;
            envelope["retry_reason"] = delivery.RetryReason ?? "";
        }

        return envelope;
    }
}
