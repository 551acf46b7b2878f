using ChatOps.Sandbox.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>What can be wrong with the services beside: the identity provider and the monitoring.</summary>
public sealed class MonitoringDoctorTests(SetUp setUp) : IClassFixture<SetUp>
{
    [Fact]
    public async Task An_identity_provider_that_says_how_to_sign_in_is_good_and_its_client_cannot_be_seen()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();

        var (exit, said) = await WithOidcAsync(provider.Issuer);

        Assert.True(exit == 0, said);
        Assert.Contains($"✓ The identity provider {provider.Issuer} says how to sign in", said, StringComparison.Ordinal);
        Assert.Contains("? Whether the provider knows this client", said, StringComparison.Ordinal);
        Assert.Contains("/sign-in-oidc", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_provider_by_another_name_than_its_own_is_found()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();

        DoctorTests.Expect(await WithOidcAsync(provider.Issuer.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), $"The identity provider calls itself {provider.Issuer}", "exactly that issuer");
    }

    [Fact]
    public async Task What_is_no_identity_provider_is_found()
    {
        DoctorTests.Expect(await WithOidcAsync(setUp.Slack.ApiBaseUrl.ToString()), "does not say how to sign in", "Set Web:Oidc:Authority to the issuer");
    }

    [Theory]
    [InlineData("rate(x[", "Signal errors: Prometheus refuses the query (400): parse error", "Try the query in Prometheus")]
    [InlineData("x", "Signal errors: the query answers with 2 series", "Try the query in Prometheus")]
    public async Task A_query_that_gives_no_number_is_found(string query, string what, string fix)
    {
        await using var prometheus = await PrometheusAsync();

        DoctorTests.Expect(await WithSignalAsync(prometheus.Urls.Single(), query), what, fix);
    }

    [Theory]
    [InlineData("max(x)", "✓ Signal errors has a value")]
    [InlineData("renamed", "? Signal errors has no value now")]
    [InlineData("renamed{app=\"$application\"}", "✓ Signal errors is understood")]
    public async Task What_is_asked_and_answered_is_said_as_it_was_seen(string query, string says)
    {
        await using var prometheus = await PrometheusAsync();

        var (exit, said) = await WithSignalAsync(prometheus.Urls.Single(), query);

        Assert.True(exit == 0, said);
        Assert.Contains(says, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_without_anybody_to_ask_are_found() =>
        DoctorTests.Expect(await WithSignalAsync("", "x"), "there is nobody to ask", "Set Signals:PrometheusUrl");

    private Task<(int Exit, string Said)> WithOidcAsync(string authority) =>
        setUp.DoctorAsync(("Web:Oidc:Authority", authority), ("Web:Oidc:ClientId", "chatops"), ("Web:Oidc:ClientSecret", "the-client-secret"));

    private Task<(int Exit, string Said)> WithSignalAsync(string url, string query) => setUp.DoctorAsync(
        ("Signals:PrometheusUrl", url), ("Signals:Applications:0:Applications:0", "*"), ("Signals:Applications:0:Queries:0:Name", "errors"),
        ("Signals:Applications:0:Queries:0:Query", query), ("Signals:Applications:0:Queries:0:Below", "1"));

    /// <summary>Answers as Prometheus does to these queries, in its own words.</summary>
    private static async Task<WebApplication> PrometheusAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/api/v1/query_range", async (HttpRequest request) =>
        {
            const string series = """{"metric":{},"values":[[1,"0.2"]]}""";
            return (await request.ReadFormAsync())["query"].ToString() switch
            {
                "vector(1)" or "max(x)" => Results.Content(Matrix(series), "application/json"),
                "x" => Results.Content(Matrix($"{series},{series}"), "application/json"),
                "rate(x[" => Results.Content("""{"status":"error","errorType":"bad_data","error":"parse error: unexpected end of input"}""", "application/json", null, 400),
                _ => Results.Content(Matrix(""), "application/json"),
            };
        });
        await app.StartAsync();
        return app;
    }

    private static string Matrix(string series) => $$"""{ "status": "success", "data": { "resultType": "matrix", "result": [ {{series}} ] } }""";
}
