using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>Signed POSTs to the app's request URLs, answered in time.</summary>
internal sealed class HttpTransport(SimulatedSlackOptions options, SlackWorkspace workspace) : IAppTransport, IDisposable
{
    private const int MostRedirects = 2;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Uri? App { get; set; } = options.AppUrl;

    public DeliveryTweak Tweak { get; set; } = new();

    public async Task<AppAnswer> SendAsync(Delivery delivery, CancellationToken ct)
    {
        var tweak = Tweak;
        var request = SignedRequest.Create(delivery, PathOf(delivery.Kind), tweak.SigningSecret ?? options.SigningSecret, workspace.Now - tweak.SignedAgo);
        request = tweak.IsWithoutSignature ? request with { Headers = [] } : request;
        delivery.Request = tweak.Body is { } change ? request with { Body = change(request.Body) } : request;
        var answers = await Task.WhenAll(Enumerable.Range(0, tweak.Copies).Select(_ => SendAsync(delivery.Request, ct)));
        return answers[0];
    }

    public async Task<AppAnswer> SendAsync(SignedRequest request, CancellationToken ct)
    {
        if (App is not { } url)
        {
            return AppAnswer.Failed("connection_failed");
        }

        Loopback.Require(url);
        using var deadline = new CancellationTokenSource(options.Patience, workspace.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await FollowAsync(request, url, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return AppAnswer.Failed("http_timeout");
        }
        catch (HttpRequestException)
        {
            return AppAnswer.Failed("connection_failed");
        }
    }

    public void Dispose() => http.Dispose();

    private string PathOf(DeliveryKind kind) => kind switch
    {
        DeliveryKind.Command => options.CommandPath,
        DeliveryKind.Interaction => options.InteractionPath,
        DeliveryKind.Event => options.EventPath,
    };

    private async Task<AppAnswer> FollowAsync(SignedRequest request, Uri url, CancellationToken ct)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var message = request.ToMessage(url);
            using var response = await http.SendAsync(message, ct);
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400 && response.Headers.Location is { } next)
            {
                var target = new Uri(new Uri(url, request.Path), next);
                Loopback.Require(target);
                (url, request) = (target, request with { Path = target.PathAndQuery });
                continue;
            }

            var body = await response.Content.ReadAsStringAsync(ct);
            var forbidsRetry = response.Headers.TryGetValues("x-slack-no-retry", out var values) && values.Contains("1");
            return new AppAnswer(status, body, status is >= 200 and < 300 ? null : "http_error") { ForbidsRetry = forbidsRetry };
        }

        return AppAnswer.Failed("too_many_redirects");
    }
}
