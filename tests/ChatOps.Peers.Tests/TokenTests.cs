using System.Net;
using System.Text.Json.Nodes;

namespace ChatOps.Peers.Tests;

public sealed class TokenTests(RealCluster real) : IClassFixture<RealCluster>
{
    [RealClusterTheory]
    [InlineData(60, HttpStatusCode.UnprocessableEntity)]
    [InlineData(300, HttpStatusCode.UnprocessableEntity)]
    [InlineData(600, HttpStatusCode.Created)]
    public async Task Ten_minutes_is_the_shortest_token(int seconds, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await RequestAsync($"short-{seconds}", seconds)).Status);
    }

    [RealClusterFact]
    public async Task A_service_account_token_answers_as_its_service_account()
    {
        var token = (string)JsonNode.Parse((await RequestAsync("robot", 600)).Body)!["status"]!["token"]!;
        using var robot = new ApiCaller(real.Server, token);

        var answer = await robot.GetAsync("/api/v1/namespaces/default/secrets");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("system:serviceaccount:default:robot", answer.Body, StringComparison.Ordinal);
    }

    private async Task<ApiAnswer> RequestAsync(string name, int seconds)
    {
        const string accounts = "/api/v1/namespaces/default/serviceaccounts";
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await admin.CreateAsync(accounts, $$"""{"metadata":{"name":"{{name}}"} }""");
        return await admin.CreateAsync(
            $"{accounts}/{name}/token",
            $$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":{{seconds}} } }""");
    }
}
