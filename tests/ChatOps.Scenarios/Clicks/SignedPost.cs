using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Scenarios.Clicks;

/// <summary>A request with a true signature over whatever bytes: what Slack would never send, but whoever held the secret could.</summary>
public static class SignedPost
{
    public static Task<HttpStatusCode> PressAsync(Building building, JsonObject payload) =>
        SendAsync(building, "/slack/interactions", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes($"payload={Uri.EscapeDataString(payload.ToJsonString())}"));

    public static async Task<HttpStatusCode> SendAsync(Building building, string path, string contentType, byte[] body)
    {
        var stamp = building.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{stamp}:"), .. body];
        using var http = new HttpClient();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(building.Url, path)) { Content = content };
        request.Headers.Add("X-Slack-Request-Timestamp", stamp);
        request.Headers.Add("X-Slack-Signature", "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(building.Slack.Options.SigningSecret), signed)));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
