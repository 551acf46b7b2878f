using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Policy;

/// <summary>What a command that names no application is answered before anybody says it.</summary>
public sealed class ExplainCommandTests
{
    [Theory]
    [InlineData("pause ns:shop for 30m because of the gateway", false, "each of its applications")]
    [InlineData("plan resume ns:shop", false, "each of its applications")]
    [InlineData("breakglass revoke 1a2b3c4d", false, "a rule with the verb revoke")]
    [InlineData("breakglass extend 1a2b3c4d by 30m", false, "like the access itself")]
    [InlineData("breakglass done", true, "Whoever has the access may give it back")]
    [InlineData("incident close", true, "it changes nothing in a cluster")]
    public async Task What_changes_something_in_a_cluster_is_not_called_free_to_all(string said, bool allowed, string says)
    {
        var world = await World.WithIncidentAsync();

        var explained = await world.Explain.HandleAsync("eve", said, default);

        Assert.Equal(allowed, explained.Allowed);
        Assert.Contains(says, string.Join('\n', explained.Lines), StringComparison.Ordinal);
    }
}
