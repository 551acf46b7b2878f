using System.Net.Http.Headers;
using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Views;

/// <summary>
/// Argo CD's own API, read only, with the token of a local account or project role. Every answer is optional: without it
/// people see less, and are told so where it matters.
/// </summary>
public sealed class ArgoCdApi(Uri server, string token, HttpClient client, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Author and message of a commit; null when that is not known.</summary>
    /// <param name="source">Which of several sources; null when there is one.</param>
    public async Task<CommitNote?> NoteAsync(ApplicationFacts application, string commit, int? source, CancellationToken ct)
    {
        var which = source is { } index ? $"&sourceIndex={index}" : "";
        var (_, note) = await GetAsync($"{Path(application)}/revisions/{Uri.EscapeDataString(commit)}/metadata?{Query(application)}{which}", ct);
        return note.Text("message") is { } message ? new(note.Text("author") ?? "", message, note.Time("date")) : null;
    }

    /// <summary>Null with a reason in words when there is no answer to rely on.</summary>
    public async Task<(string? Trouble, JsonElement Items)> ManagedResourcesAsync(ApplicationFacts application, CancellationToken ct)
    {
        var (trouble, answer) = await GetAsync($"{Path(application)}/managed-resources?{Query(application)}", ct);
        return trouble is not null ? (trouble, default)
            : answer.At("items").ValueKind == JsonValueKind.Array ? (null, answer.At("items"))
            : answer.IsObject ? (null, JsonSerializer.SerializeToElement(Array.Empty<string>()))
            : ("its answer is no list of resources", default);
    }

    /// <summary>The local accounts that the token may get, with the moments of their tokens, and whether those are all: the list itself does not say.</summary>
    public async Task<(string? Trouble, JsonElement Items, bool IsAll)> AccountsAsync(CancellationToken ct)
    {
        var (trouble, accounts) = await GetAsync("api/v1/account", ct);
        if (trouble is not null)
        {
            return (trouble, default, false);
        }

        var (_, may) = await GetAsync("api/v1/account/can-i/accounts/get/*", ct);
        return (null, accounts.At("items"), may.Text("value") == "yes");
    }

    private static string Path(ApplicationFacts application) => $"api/v1/applications/{Uri.EscapeDataString(application.Ref.Name)}";

    // Without the project every missing application is a 403.
    private static string Query(ApplicationFacts application) =>
        $"appNamespace={Uri.EscapeDataString(application.Ref.Namespace)}&project={Uri.EscapeDataString(application.Project)}";

    private async Task<(string? Trouble, JsonElement Body)> GetAsync(string path, CancellationToken ct)
    {
        using var deadline = new Deadline(Longest, time, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await client.SendAsync(request, deadline.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: deadline.Token);
            var body = document.RootElement.Clone();
            return response.IsSuccessStatusCode ? (null, body) : (Said((int)response.StatusCode, body), default);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ("it does not answer", default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return ($"it cannot be reached ({e.GetType().Name})", default);
        }
    }

    private static string Said(int status, JsonElement body) => status switch
    {
        401 => "it does not know the token (401): set ArgoCd:Token anew",
        403 => "its token may not read this (403)",
        _ => $"it answered {status}{(EngineWords.Of(body) is { Length: < 200 } said ? $": {said}" : "")}",
    };
}
