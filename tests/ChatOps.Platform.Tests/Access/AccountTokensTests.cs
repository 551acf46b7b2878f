using System.Net;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>Tokens of Argo CD's accounts, from answers as a real Argo CD gave them.</summary>
public sealed class AccountTokensTests
{
    /// <summary>As recorded of 3.5.1: whatever the token may not get is left out without a word.</summary>
    private const string Listed = """{"items":[{"name":"admin","enabled":true,"capabilities":["login"],"tokens":null},{"name":"api-bot","enabled":true,"capabilities":["apiKey"],"tokens":[{"id":"never","issuedAt":1795424344},{"id":"api-bot-1","issuedAt":1795423977,"expiresAt":1795510377}]}]}""";
    private static readonly DateTimeOffset Made = DateTimeOffset.FromUnixTimeSeconds(1795424344);

    [Theory]
    [InlineData("yes", false)]
    [InlineData("no", true)]
    public async Task A_token_that_was_issued_meanwhile_is_found_and_whether_these_are_all_accounts_is_known(string may, bool isShort)
    {
        using var client = new HttpClient(new Answering(HttpStatusCode.OK, Listed, $$"""{"value":"{{may}}"}"""));

        var look = await AccountTokens.LookAsync(new(new("https://argocd.test"), "token", client, TimeProvider.System), at => at > Made.AddMinutes(-1), default);

        var found = Assert.Single(look.Found);
        Assert.Equal(("a token of account api-bot in Argo CD", Made), (found.What, found.At));
        Assert.Contains("argocd account delete-token --account api-bot never", found.Remedy, StringComparison.Ordinal);
        Assert.Equal(isShort, look.BeyondReach.Count == 1);
        Assert.Empty(look.NotSeen);
    }

    [Fact]
    public async Task Where_it_cannot_be_asked_that_is_said()
    {
        using var client = new HttpClient(new Answering(HttpStatusCode.Unauthorized, "{}", "{}"));

        var refused = await AccountTokens.LookAsync(new(new("https://argocd.test"), "token", client, TimeProvider.System), _ => true, default);
        var unasked = await AccountTokens.LookAsync(null, _ => true, default);

        Assert.StartsWith("tokens of Argo CD's accounts (it does not know the token", Assert.Single(refused.NotSeen), StringComparison.Ordinal);
        Assert.Equal("tokens of Argo CD's accounts (argocd account get --account <name> shows them)", Assert.Single(unasked.BeyondReach));
        Assert.Empty(unasked.NotSeen);
    }

    private sealed class Answering(HttpStatusCode status, string accounts, string may) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.AbsolutePath switch
        {
            "/api/v1/account" => new HttpResponseMessage(status) { Content = new StringContent(accounts) },
            "/api/v1/account/can-i/accounts/get/*" => new HttpResponseMessage(status) { Content = new StringContent(may) },
            _ => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") },
        });
    }
}
