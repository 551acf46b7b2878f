namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>The way from Slack to the app: signed HTTP requests, or the app's own sockets.</summary>
internal interface IAppTransport
{
    /// <summary>One attempt; an answer that did not come within the deadline is a failure, not an exception.</summary>
    Task<AppAnswer> SendAsync(Delivery delivery, CancellationToken ct);
}
