using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

#pragma warning disable MA0048 // One line each: the calls of the story, in its order.

public sealed class WhenTheListIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Declare, request => ByBot(request) && request.Verb == "list" && request.Path.EndsWith("/applications", StringComparison.Ordinal)), IClassFixture<Building>;

public sealed class WhenTheWatchIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Declare, request => ByBot(request) && request.Verb == "watch"), IClassFixture<Building>;

public sealed class WhenTheFirstLookIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Declare, request => Reads(request, "/applications/checkout")), IClassFixture<Building>;

public sealed class WhenTheLookOfThePlanIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Ask, request => Reads(request, "/applications/checkout")), IClassFixture<Building>;

public sealed class WhenTheProjectIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Ask, request => Reads(request, "/appprojects/shop")), IClassFixture<Building>;

public sealed class WhenTheAccessReviewIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Ask, request => request.Path.EndsWith("/subjectaccessreviews", StringComparison.Ordinal)), IClassFixture<Building>;

public sealed class WhenTheLookBeforeThePauseIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Approve, request => Reads(request, "/applications/checkout")), IClassFixture<Building>;

public sealed class WhenThePauseIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Approve, request => Patches(request, "chatops.dev~1operation")), IClassFixture<Building>;

public sealed class WhenTheLookForHoldingIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Hold, request => Reads(request, "/applications/checkout")), IClassFixture<Building>;

public sealed class WhenTheNewDeadlineIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Extend, request => Patches(request, "chatops.dev~1expires-at")), IClassFixture<Building>;

public sealed class WhenTheEndIsRefused(Building building)
    : ClusterRefusalTests(building, Step.Resume, request => Patches(request, "chatops.dev~1operation")), IClassFixture<Building>;
