using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Gives Slack the pictures of a card before the card: a file that is shared nowhere, which the message then shows by its id.
/// A picture is worth no message: whatever stands in its way, the card goes without it.
/// </summary>
internal sealed partial class SlackPictures(SlackWebApi api, SlackHttp http, SlackHosts hosts, ILogger<SlackPictures> logger)
{
    private const int MostInCard = 4;

    /// <summary>The files of the curves that Slack took, in the order of the card.</summary>
    public async Task<IReadOnlyDictionary<Part.Curve, string>> UploadAsync(Card card, CancellationToken ct)
    {
        var files = new Dictionary<Part.Curve, string>();
        foreach (var curve in card.Parts.OfType<Part.Curve>().Distinct().Take(MostInCard))
        {
            try
            {
                if (CurvePicture.Draw(curve) is { } png && await UploadAsync(curve, png, ct) is { } file)
                {
                    files.Add(curve, file);
                }
            }
            catch (Exception e) when (e is ChatRefusedException or ChatUnavailableException or HttpRequestException || e is TaskCanceledException && !ct.IsCancellationRequested)
            {
                LogLeftOut(e);
                break;
            }
        }

        return files;
    }

    private async Task<string?> UploadAsync(Part.Curve curve, byte[] png, CancellationToken ct)
    {
        var asked = await api.CallAsync(SlackMethod.GetUploadUrl, new() { ["filename"] = "signal.png", ["length"] = png.Length, ["alt_text"] = curve.Words }, ct);
        if (asked.At("file_id").Text() is not { } id || !hosts.AllowsUpload(asked.At("upload_url").Text(), out var url))
        {
            LogForeign();
            return null;
        }

        using var content = new ByteArrayContent(png);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var stored = await http.PostAsync(url, content, ct);
        if (!stored.IsSuccessStatusCode)
        {
            LogNotTaken((int)stored.StatusCode);
            return null;
        }

        await api.CallAsync(SlackMethod.CompleteUpload, new() { ["files"] = new JsonArray(new JsonObject { ["id"] = id, ["title"] = curve.Words }) }, ct);
        return id;
    }

    [LoggerMessage(LogLevel.Warning, "Slack named an address to upload to that is not its own; nothing was sent, and the card goes without its picture")]
    private partial void LogForeign();

    [LoggerMessage(LogLevel.Warning, "Slack answered an upload with {Status}; the card goes without its picture")]
    private partial void LogNotTaken(int status);

    [LoggerMessage(LogLevel.Warning, "A picture could not be given to Slack; the card goes without it")]
    private partial void LogLeftOut(Exception exception);
}
