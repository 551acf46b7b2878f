using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>A signed POST as bytes and headers; sent again unchanged it is a replay.</summary>
internal sealed record SignedRequest(string Path, string ContentType, byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public static SignedRequest Create(Delivery delivery, string path, string signingSecret, DateTimeOffset now)
    {
        var (contentType, body) = Encode(delivery);
        var timestamp = now.ToUnixTimeSeconds();
        List<KeyValuePair<string, string>> headers =
        [
            new("X-Slack-Request-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture)),
            new("X-Slack-Signature", SlackSignature.Sign(signingSecret, timestamp, body)),
            new("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"),
        ];
        if (delivery.Retry > 0)
        {
            headers.Add(new("x-slack-retry-num", delivery.Retry.ToString(CultureInfo.InvariantCulture)));
            headers.Add(new("x-slack-retry-reason", delivery.RetryReason ?? "unknown_error"));
        }

        return new SignedRequest(path, contentType, body, headers);
    }

    public HttpRequestMessage ToMessage(Uri app)
    {
        var content = new ByteArrayContent(Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(app, Path)) { Content = content };
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static (string ContentType, byte[] Body) Encode(Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Command => (Form, FormOf(delivery.Payload.Select(field => new KeyValuePair<string, string>(field.Key, (string?)field.Value ?? "")))),
        DeliveryKind.Interaction => (Form, FormOf([new("payload", delivery.Payload.ToJsonString())])),
        DeliveryKind.Event => ("application/json", Encoding.UTF8.GetBytes(delivery.Payload.ToJsonString())),
    };

    private const string Form = "application/x-www-form-urlencoded";

    private static byte[] FormOf(IEnumerable<KeyValuePair<string, string>> fields) =>
        Encoding.UTF8.GetBytes(string.Join('&', fields.Select(field => $"{Escape(field.Key)}={Escape(field.Value)}")));

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
