using System.Globalization;
using System.Text;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Benchmarks.Load;

/// <summary>
/// Slash commands as Slack sends them, each with a trigger of its own and signed now, as whole HTTP requests of one size
/// in one file. Made right before they are sent, so that all are inside Slack's five minutes.
/// </summary>
internal sealed class SignedCommands(string path, string batch, int count)
{
    private const int BodySize = 620;
    private static readonly string[] People = [SampleWorkspace.Alice, SampleWorkspace.Bob, SampleWorkspace.Carol];

    public string Path => path;

    public int Count => count;

    public int RecordSize { get; private set; }

    /// <summary>Under what the product stores each: its own words for it, so that a change of them is no loss of data here.</summary>
    public IEnumerable<string> Keys() => Enumerable.Range(0, count).Select(number => ReplyHandle.KeyOf(TriggerOf(batch, number)));

    public async Task WriteAsync(string signingSecret, CancellationToken ct)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        for (var number = 0; number < count; number++)
        {
            var request = Request(number, now, signingSecret);
            RecordSize = RecordSize == 0 || RecordSize == request.Length ? request.Length : throw new InvalidOperationException("the records must be of one size");
            await file.WriteAsync(request, ct);
        }
    }

    private static string TriggerOf(string batch, int number) => string.Create(CultureInfo.InvariantCulture, $"{number:0000000000}.{batch}.0123456789abcdef0123456789abcdef");

    private byte[] Request(int number, long now, string signingSecret)
    {
        var person = People[number % People.Length];
        var body = $"token=0123456789abcdefghijklmn&team_id={SampleWorkspace.TeamId}&team_domain=sandbox&channel_id={SampleWorkspace.IncidentChannel}&channel_name=incident-checkout"
            + $"&user_id={person}&user_name={person.ToLowerInvariant()}&command=%2Fgitops&text=help+pause&api_app_id={SampleWorkspace.AppId}&is_enterprise_install=false"
            + $"&trigger_id={TriggerOf(batch, number)}&padding=";
        var bytes = Encoding.ASCII.GetBytes(body.PadRight(BodySize, 'x'));
        var head = "POST /slack/commands HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nAccept: application/json,*/*\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: {Sandbox.Slack.Wire.SlackSignature.Sign(signingSecret, now, bytes)}\r\nContent-Length: {bytes.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. bytes];
    }
}
