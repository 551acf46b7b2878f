using System.Net;
using ChatOps.Chat.Slack;
using ChatOps.Core.Records;
using ChatOps.Server.Configuration;
using ChatOps.Server.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Web;

/// <summary>The pages on a real Kestrel on loopback, with a browser that keeps cookies and follows nothing by itself.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string keys;
    private readonly bool ownsKeys;

    private Site(WebApplication app, string keys, bool ownsKeys, FakeTimeProvider time)
    {
        this.app = app;
        this.keys = keys;
        this.ownsKeys = ownsKeys;
        Time = time;
        Address = new Uri(app.Urls.Single());
        Browser = NewBrowser();
    }

    public FakeTimeProvider Time { get; }

    public Uri Address { get; }

    public HttpClient Browser { get; }

    public SignInLinks Links => app.Services.GetRequiredService<SignInLinks>();

    public static async Task<Site> StartAsync(
        Books books, RecordAccess access = RecordAccess.Everybody, string publicUrl = "http://localhost", string? keys = null, DateTimeOffset? now = null,
        OidcOptions? oidc = null, ILoggerProvider? log = null, SlackOptions? slack = null, Action<IServiceCollection>? more = null)
    {
        var time = new FakeTimeProvider(now ?? Some.Now.AddMinutes(10));
        var path = keys ?? Directory.CreateTempSubdirectory("chatops-web-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("ArgoCd:0:Name", "prod"), new("ArgoCd:0:ServerUrl", "https://argocd.example.org")]);
        builder.Services.AddSingleton<IRecords>(books);
        builder.Services.AddSingleton(Some.Register());
        builder.Services.AddSingleton<TimeProvider>(time);
        if (slack is not null)
        {
            builder.Services.AddSingleton(slack);
        }

        more?.Invoke(builder.Services);
        builder.Services.AddRecordPages(new WebOptions { PublicUrl = publicUrl, DataProtectionPath = path, Oidc = oidc }, access);
        var built = builder.Build();
        built.MapRecordPages();
        await built.StartAsync();
        return new(built, path, keys is null, time);
    }

    public HttpClient NewBrowser() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>The path of a fresh link, as the bot would send it.</summary>
    public string Link(string person, int incident) => Links.Create(Some.Register().Find(person)!, incident, Time.GetUtcNow()).AbsolutePath;

    public async Task SignInAsync(string person = "alice", int incident = 7)
    {
        var answer = await Browser.PostAsync(Link(person, incident), null);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await app.DisposeAsync();
        if (ownsKeys)
        {
            Directory.Delete(keys, recursive: true);
        }
    }
}
