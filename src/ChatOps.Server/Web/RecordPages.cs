using ChatOps.Chat.Slack;
using ChatOps.Core.People;
using ChatOps.Server.Configuration;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;

namespace ChatOps.Server.Web;

/// <summary>The web pages, composed. Needs <c>IRecords</c>, <see cref="Register"/> and <see cref="TimeProvider"/>.</summary>
public static class RecordPages
{
    public static IServiceCollection AddRecordPages(this IServiceCollection services, WebOptions web, RecordAccess signIn = RecordAccess.Everybody)
    {
        services.AddQuietPaths();
        CreatePrivateDirectory(web.DataProtectionPath);
        services.AddDataProtection().SetApplicationName("chatops").PersistKeysToFileSystem(new DirectoryInfo(web.DataProtectionPath));
        services.AddSingleton(provider => new SignInLinks(web, provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(provider => new Readers(provider.GetRequiredService<Register>(), provider.GetRequiredService<TimeProvider>(), signIn));
        services.AddSingleton(provider => ApplicationLinks.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new ChatWords((provider.GetService<SlackOptions>()?.Commands ?? new()).Incident));
        services.AddSingleton<RecordEndpoints>();

        var secure = web.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        var authentication = services.AddAuthentication(Readers.Scheme).AddCookie(Readers.Scheme, cookie =>
        {
            // The prefix makes browsers refuse the name to anybody but this host over TLS.
            cookie.Cookie.Name = secure ? "__Host-chatops-record" : "chatops-record";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.Cookie.Path = "/";
            cookie.ExpireTimeSpan = Readers.Lifetime;
            cookie.SlidingExpiration = false;
        });
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(Readers.Scheme)
            .Configure<TimeProvider>((cookie, time) => cookie.TimeProvider = time);

        if (web.Oidc is not null)
        {
            services.AddSingleton<TokenEndpoints>();
            services.AddSingleton(provider => new OidcSignIn(web, provider.GetRequiredService<Register>()));
            authentication.AddOpenIdConnect(OidcSignIn.Scheme, _ => { });
            services.AddOptions<OpenIdConnectOptions>(OidcSignIn.Scheme).Configure<OidcSignIn>((options, signIn) => signIn.Configure(options));
        }

        return services;
    }

    public static WebApplication MapRecordPages(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseAuthentication();
        app.MapGet("/", (HttpContext context, RecordEndpoints pages, CancellationToken ct) => pages.ListAsync(context, ct));
        app.MapGet("/incidents/{number:int}", (HttpContext context, int number, RecordEndpoints pages, CancellationToken ct) => pages.ShowAsync(context, number, ct));
        app.MapGet("/incidents/{number:int}/timeline.json", (HttpContext context, int number, RecordEndpoints pages, CancellationToken ct) => pages.TimelineAsync(context, number, ct));
        if (app.Services.GetService<OidcSignIn>() is null)
        {
            app.MapSignIn();
        }
        else
        {
            app.MapGet("/access/{grant:guid}", (HttpContext context, Guid grant, TokenEndpoints pages, CancellationToken ct) => pages.ShowAsync(context, grant, ct));
            app.MapPost("/access/{grant:guid}", (HttpContext context, Guid grant, TokenEndpoints pages, CancellationToken ct) => pages.FetchAsync(context, grant, ct));
        }

        return app;
    }

    /// <summary>Whoever reads the keys can make themselves a cookie.</summary>
    private static void CreatePrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
