using System.Net;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// The connection to Slack. No redirects, which would carry a token or a private answer to wherever they point, and no
/// cookies. An answer that is larger than anything we ask for is not read.
/// </summary>
internal sealed class SlackHttp : HttpClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TimeProvider time;

    public SlackHttp(TimeProvider time)
        : base(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
    {
        this.time = time;
        Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        MaxResponseContentBufferSize = 4 << 20;
    }

    /// <summary>With a limit on the clock of everything else; passing it is a <see cref="TaskCanceledException"/>, as with <see cref="HttpClient.Timeout"/>.</summary>
    public override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await base.SendAsync(request, either.Token);
    }
}
