using System.Text.Json.Nodes;
using ChatOps.Distill;

namespace ChatOps.Sandbox.Tests.ArgoCd;

/// <summary>A state of a real Argo CD that nobody named is looked at, and not written into a golden file as if it were known.</summary>
public sealed class DistillTests
{
    [Theory]
    [InlineData("""{"status":{"operationState":{"phase":"Failed","message":"the moon was full"}}}""", "no name for the message \"the moon was full\"")]
    [InlineData("""{"status":{"operationState":{"phase":"Pondering"}}}""", "no name for the phase \"Pondering\"")]
    [InlineData("""{"status":{"sync":{"status":"Askew"}}}""", "no name for the sync status \"Askew\"")]
    [InlineData("""{"status":{"conditions":[{"type":"MoonWarning","message":"it is full"}]}}""", "no name for the condition \"MoonWarning\"")]
    public void A_state_without_a_name_is_an_error_that_quotes_it(string seen, string said)
    {
        var application = JsonNode.Parse(seen)!.AsObject();
        application["metadata"] = new JsonObject { ["name"] = "shop" };

        Assert.Equal(said, Assert.Throws<UnnamedStateException>(() => new Trace().See(0, application)).Message);
    }

    [Fact]
    public void A_recording_with_one_is_not_distilled()
    {
        var line = JsonNode.Parse("""
            {"t":1,"watch":"applications","type":"ADDED","object":{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"shop","namespace":"argocd"},
             "spec":{},"status":{"operationState":{"phase":"Failed","message":"the moon was full"}}}}
            """)!.AsObject();

        Assert.Throws<UnnamedStateException>(() => new Distiller(new Recording("moon", [line])).Distill());
    }
}
