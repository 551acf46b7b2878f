using ChatOps.Core.Policy;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Peers.Tests.Manifests;

/// <summary>What people copy must be right itself.</summary>
public sealed class ShippedFilesTests
{
    [Fact]
    public void The_policy_worth_copying_passes_its_own_check()
    {
        var policy = ReadPolicy();
        var holders = policy.Roles.ToDictionary(role => role.Name, role => (IReadOnlyList<string>)role.Users, StringComparer.Ordinal);

        var wrong = PolicyCheck.Of(policy, holders).Where(finding => !finding.Ok).Select(finding => $"{finding.What}: {finding.Fix}");

        Assert.NotEmpty(policy.Rules);
        Assert.Empty(wrong);
    }

    private static PolicyConfiguration ReadPolicy() =>
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Repository.Root, "manifests/base/appsettings.json"))
            .Build()
            .GetRequiredSection("Policy")
            .Get<PolicyConfiguration>(binder => binder.ErrorOnUnknownConfiguration = true)!;
}
