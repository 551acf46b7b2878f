using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Chat.Slack.Setup;

namespace ChatOps.Server.Examinations;

/// <summary>What the server that runs on this machine or pod has counted since it started, from its own metrics.</summary>
internal sealed partial class RunningNumbers(string metricsUrl, HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when no server answers there.</summary>
    public async Task<IReadOnlyList<DoorCount>?> AtSlacksDoorsAsync(CancellationToken ct) => await AskAsync(ct) is { } metrics ? Read(metrics) : null;

    /// <summary>When audit events of each cluster were heard last. Null when no server answers there.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>?> OfAuditAsync(CancellationToken ct) => await AskAsync(ct) is { } metrics && IsOurs(metrics)
        ? Heard().Matches(metrics).ToDictionary(found => found.Groups["cluster"].Value, found => DateTimeOffset.FromUnixTimeSeconds((long)double.Parse(found.Groups["at"].Value, CultureInfo.InvariantCulture)))
        : null;

    private async Task<string?> AskAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await http.GetStringAsync(new Uri(Here(), "/metrics"), patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Null when this is not what our own server says.</summary>
    internal static IReadOnlyList<DoorCount>? Read(string metrics) => !IsOurs(metrics) ? null :
    [
        .. Received().Matches(metrics).Select(found => new DoorCount(
            found.Groups["door"].Value, found.Groups["outcome"].Value, (long)double.Parse(found.Groups["count"].Value, CultureInfo.InvariantCulture))),
    ];

    private static bool IsOurs(string metrics) => metrics.Contains("chatops_build_info", StringComparison.Ordinal);

    /// <summary>Where it listens on every address, loopback is one of them.</summary>
    private Uri Here()
    {
        var listens = BindingAddress.Parse(metricsUrl);
        var host = listens.Host is "+" or "*" or "0.0.0.0" or "[::]" or "localhost" ? "127.0.0.1" : listens.Host;
        return new UriBuilder(listens.Scheme, host, listens.Port).Uri;
    }

    [GeneratedRegex("""^chatops_received_total\{platform="slack",door="(?<door>[a-z]+)",outcome="(?<outcome>[^"]*)"\} (?<count>\d+(\.\d+)?)""", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Received();

    [GeneratedRegex("""^chatops_audit_heard_timestamp_seconds\{cluster="(?<cluster>[^"]*)"\} (?<at>[0-9.eE+]+)""", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heard();
}
