using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.ArgoCd.Views;
using ChatOps.Platform.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>What a real Argo CD 3.5.1 answered, word for word, over HTTP: what is asked, with which token, and what is made of it.</summary>
public sealed class RecordedAnswersTests
{
    private const string Token = "eyJ.token";

    [Theory]
    [InlineData("managed-in-sync", "")]
    [InlineData("managed-field-changed", "ConfigMap/api-shop /data/timeout Changed 30s | 5s; Deployment/api-shop /spec/replicas Changed 2 | 5")]
    [InlineData("managed-resource-deleted", "Service/api-shop Missing")]
    [InlineData("managed-extra-tracked", "ConfigMap/extra NotInGit; Service/api-shop Missing")]
    [InlineData("managed-ignored-only", "")]
    [InlineData("managed-orphan", "")]
    public async Task Its_comparison_is_asked_for_and_read(string recording, string drifts)
    {
        if (!RecordedAnswers.AreHere)
        {
            return;
        }

        var (report, asked) = await ReadAsync(recording);

        Assert.Equal(("Argo CD's own comparison", true), (report.Basis, report.IsComplete));
        Assert.Equal(drifts, InWords(report));
        Assert.Equal("GET", asked.Method);
        Assert.EndsWith("/managed-resources", asked.Path, StringComparison.Ordinal);
        Assert.Equal(["appNamespace=argocd", "project=api-team"], asked.Query.Order(StringComparer.Ordinal));
        Assert.Equal($"Bearer {Token}", asked.Authorization);
    }

    /// <summary>It masks them itself; and what is shown has no value even so.</summary>
    [Fact]
    public async Task Of_a_Secret_it_is_shown_which_keys_and_no_value()
    {
        if (!RecordedAnswers.AreHere)
        {
            return;
        }

        var (report, _) = await ReadAsync("managed-secret-changed");

        var secret = Assert.Single(report.Resources);
        Assert.Equal("Secret", secret.Kind);
        Assert.Equal([("/data/extra", null, "(secret, not shown)"), ("/data/password", "(secret, not shown)", "(secret, not shown)")], secret.Fields.Select(field => (field.Path, field.Git, field.Live)).Order());
        Assert.Null(secret.PutBack);
    }

    [Theory]
    [InlineData("managed-cache-miss", "it answered 500: error getting cached app managed resources: cache: key is missing.")]
    [InlineData("no-permission-with-project", "its token may not read this (403).")]
    [InlineData("missing-applications/missing-app-project-default", "it answered 404: applications.argoproj.io \"api-nosuch\" not found.")]
    [InlineData("tokens/token-revoked", "it does not know the token (401): set ArgoCd:Token anew.")]
    [InlineData("broken-repositories/broken-repo-gone-managed-resources", "it shows no resource as it is in Git.")]
    [InlineData("broken-repositories/broken-bad-yaml-managed-resources", "it shows no resource as it is in Git.")]
    [InlineData("broken-repositories/broken-no-project-managed-resources", "it answered 400: app is not allowed in project \"api-nosuch\", or the project does not exist.")]
    public async Task Where_its_answer_is_none_that_is_said_and_nothing_is_taken_from_it(string recording, string says)
    {
        if (!RecordedAnswers.AreHere)
        {
            return;
        }

        var (report, _) = await ReadAsync(recording);

        Assert.Contains($"Argo CD's API is of no use now: {says}", report.NotSeen);
        Assert.NotEqual("Argo CD's own comparison", report.Basis);
        Assert.Empty(report.Resources);
        Assert.False(report.IsComplete);
    }

    private static async Task<(DriftReport Report, Asked Asked)> ReadAsync(string recording)
    {
        var recorded = RecordedAnswers.Read(recording);
        Asked? asked = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(async context =>
        {
            var request = context.Request;
            asked = new(request.Method, request.Path.Value!, (request.QueryString.Value ?? "").TrimStart('?').Split('&'), request.Headers.Authorization.ToString());
            context.Response.StatusCode = recorded.Number("response", "status") ?? 0;
            context.Response.ContentType = recorded.Text("response", "contentType");
            await context.Response.WriteAsync(recorded.At("response", "body").GetRawText());
        });
        await server.StartAsync();

        var application = Some.Application(recorded.Text("request", "path")!.Split('/', '?')[4]);
        application["spec"]!["project"] = "api-team";
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var reader = new DriftReader(new ArgoCdApi(new Uri(server.Urls.Single()), Token, client, TimeProvider.System), _ => null);
        var report = await reader.ReadAsync(Some.Read(application), Some.Facts(application), default);
        return (report, asked!);
    }

    private static string InWords(DriftReport report) => string.Join("; ", report.Resources.OrderBy(resource => $"{resource.Kind}/{resource.Name}", StringComparer.Ordinal).SelectMany(resource => resource.Real.Select(drift =>
        string.Join(' ', new[] { $"{resource.Kind}/{resource.Name}", drift.Path, $"{drift.Class}", drift.Class == DriftClass.Changed ? $"{drift.Git} | {drift.Live}" : "" }.Where(word => word.Length > 0)))));

    private sealed record Asked(string Method, string Path, IReadOnlyList<string> Query, string Authorization);
}

/// <summary>They lie beside the repository and are no part of it; where they are not, nothing is held against them.</summary>
internal static class RecordedAnswers
{
    private static readonly string Folder = Path.Combine(Repository.Root, "../shared/recordings/argocd-3.5.1/api");

    public static bool AreHere => Directory.Exists(Folder);

    /// <param name="name">Of a file; or of a file with one recording in each line and of the recording.</param>
    public static JsonElement Read(string name)
    {
        var line = name.Split('/') is [var file, var one]
            ? File.ReadLines(Path.Combine(Folder, $"{file}.jsonl")).First(line => (string?)JsonNode.Parse(line)!["name"] == one)
            : File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
