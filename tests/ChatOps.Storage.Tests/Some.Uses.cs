using ChatOps.Core.Evidence;

namespace ChatOps.Storage.Tests;

/// <content>What was done with access.</content>
internal static partial class Some
{
    public static GrantUse Use(Guid grant, int incident = 7) => new()
    {
        Grant = grant,
        Incident = incident,
        IsHeard = true,
        EndHeardAt = Now.AddMinutes(30),
        Deeds =
        [
            new()
            {
                Kind = DeedKind.Change,
                By = "anna@example.com",
                Through = "mallory",
                Verb = "patch",
                Target = new("apps", "deployments", null, "shop", "checkout"),
                Fields = ["/spec/replicas = 3"],
                FirstAt = Now,
                LastAt = Now.AddMinutes(1),
                Times = 2,
                IsRecorded = true,
            },
            new()
            {
                Kind = DeedKind.Stream,
                By = "anna@example.com",
                Verb = "create",
                Target = new("", "pods", "exec", "shop", "checkout-1"),
                Fields = [],
                FirstAt = Now,
                LastAt = Now,
                Request = "0123456789abcdef",
                ClosedAt = Now.AddMinutes(2),
            },
        ],
        LeftOut = new Dictionary<DeedKind, int> { [DeedKind.Change] = 12, [DeedKind.ByOthers] = 3 },
        Remembered = ["0123456789abcdef+", "0123456789abcdef"],
        LookedAt = Now.AddMinutes(10),
        News = 4,
        Told = 3,
        HintedAt = Now.AddMinutes(15),
        SummedUpAt = Now.AddMinutes(31),
    };
}
