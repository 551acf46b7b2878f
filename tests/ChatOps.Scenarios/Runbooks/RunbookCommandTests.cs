using System.Text;
using ChatOps.Core.Looking;
using ChatOps.Peers;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Runbooks;

/// <summary>Every kubectl line of every runbook, run against a real API server; what would change something is tried and not stored.</summary>
[Collection(RealShopOfOwners.Name)]
public sealed class RunbookCommandTests(RealShopServer real)
{
    [RealClusterFact]
    public async Task Every_kubectl_command_of_a_runbook_is_taken_by_a_real_api_server()
    {
        var clock = new MovableClock();
        await using var shop = await real.StartShopAsync(clock);
        await shop.AdminPatchesCheckoutAsync(
            """
            { "metadata": { "annotations": { "chatops.dev/operation": "x", "chatops.dev/incident": "1", "chatops.dev/expires-at": "x", "chatops.dev/before": "{}" } },
              "spec": { "syncPolicy": { "automated": { "enabled": false } } } }
            """,
            "chatops");
        await real.Server.RunAsync(KubeUser.Admin, "create", "rolebinding", "some-name", "--namespace=shop", "--clusterrole=view", "--user=alice@example.com");
        var commands = Runbook.All.SelectMany(runbook => runbook.Commands).Where(command => command.StartsWith("kubectl ", StringComparison.Ordinal)).ToList();

        Assert.True(commands.Count >= 6, "the runbooks name hardly any kubectl command: are they read at all?");
        foreach (var command in commands)
        {
            await real.Server.RunAsync(KubeUser.Admin, [.. Tried(command)]);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => real.Server.RunAsync(KubeUser.Admin, [.. Tried("kubectl -n argocd patch application <app> --type json -p '[{\"op\":\"remove\",\"path\":\"/spec/none\"}]'")]));
        await real.Server.RunAsync(KubeUser.Admin, "delete", "rolebinding", "some-name", "--namespace=shop");
    }

    private static IEnumerable<string> Tried(string command)
    {
        var filled = command
            .Replace("<app>", "checkout", StringComparison.Ordinal).Replace("<namespace>", "shop", StringComparison.Ordinal).Replace("<name>", "some-name", StringComparison.Ordinal)
            .Replace("<role>", "view", StringComparison.Ordinal).Replace("<user>", "alice@example.com", StringComparison.Ordinal);
        var words = Words(filled.Split(" | ")[0]).Skip(1).ToList();
        return words.Exists(word => word is "patch" or "annotate" or "create" or "delete") ? Renamed(words).Append("--dry-run=server") : words;
    }

    /// <summary>What is to be created is not there yet.</summary>
    private static IEnumerable<string> Renamed(List<string> words) =>
        words.Contains("create") ? words.Select(word => word == "some-name" ? "another-name" : word) : words;

    /// <summary>As a shell takes a line apart, as far as runbooks need it: blanks, and single quotes around what has some.</summary>
    private static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quoted, any) = (false, false);
        foreach (var character in command)
        {
            if (character == '\'')
            {
                (quoted, any) = (!quoted, true);
            }
            else if (char.IsWhiteSpace(character) && !quoted)
            {
                if (word.Length > 0 || any)
                {
                    words.Add(word.ToString());
                }

                (word, any) = (new(), false);
            }
            else
            {
                word.Append(character);
            }
        }

        return word.Length > 0 || any ? [.. words, word.ToString()] : words;
    }
}
