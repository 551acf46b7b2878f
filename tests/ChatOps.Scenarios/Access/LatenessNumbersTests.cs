using System.Text.RegularExpressions;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>How late access ended, as the metrics page says it: a process of its own, because instruments are the process's.</summary>
public sealed partial class LatenessNumbersTests
{
    [Fact]
    public async Task Each_end_at_its_moment_counts_once_and_what_was_gone_or_ended_early_does_not()
    {
        await using var server = await MortalServer.StartAsync(SimulatedShopCluster.StartAsync);
        foreach (var (role, time) in ((string, string)[])[("deployer", "60s"), ("viewer", "25s"), ("node-viewer", "30m")]) // the first is gone before its end, however busy the machine is
        {
            await server.World.Bob.PressAsync(await server.RequestedAsync(server.World.Carol, role, time), "Approve");
            await server.SaysAsync("is open until");
            if (role == "deployer")
            {
                await server.World.Shop.AdminPatchesAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop", """{ "spec": { "roles": null } }""");
            }
        }

        await server.MentionAsync(server.World.Bob, $"breakglass revoke {(await server.ObjectsAsync()).Single(one => one.EndsAt > DateTimeOffset.UtcNow.AddMinutes(10)).Name[^8..]}");
        await server.World.Slack.WaitForAsync(() => server.Said("allows no more than before") == 2 && server.Said("holds neither the role nor a token of it") == 1 ? "" : null, "three proofs", default, ScenarioWorld.Patience);

        var numbers = await server.Server.NumbersAsync();
        foreach (var name in (string[])["chatops_grant_end_lateness_seconds", "chatops_grant_denied_seconds"])
        {
            Assert.Contains($"{name}_count 1\n", numbers, StringComparison.Ordinal);
            Assert.Contains($"{name}_bucket{{le=\"300\"}} 1\n", numbers, StringComparison.Ordinal);
            Assert.Equal(["0.05", "0.1", "0.25", "0.5", "1", "2", "5", "10", "30", "60", "300", "+Inf"], Bucket().Matches(numbers).Where(match => match.Groups["name"].Value == name).Select(match => match.Groups["le"].Value));
        }
    }

    [GeneratedRegex("(?<name>chatops_grant_[a-z_]+)_bucket{le=\"(?<le>[^\"]+)\"}", RegexOptions.NonBacktracking)]
    private static partial Regex Bucket();
}
