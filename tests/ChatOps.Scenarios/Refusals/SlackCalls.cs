using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

#pragma warning disable MA0048 // One line each: the calls of the story, in its order.

public sealed class WhenThePersonIsRefused(Building building) : SlackRefusalTests(building, Step.Declare, "users.info"), IClassFixture<Building>;

public sealed class WhenTheFirstMessageIsRefused(Building building) : SlackRefusalTests(building, Step.Declare, "chat.postMessage"), IClassFixture<Building>;

public sealed class WhenThePinIsRefused(Building building) : SlackRefusalTests(building, Step.Declare, "pins.add"), IClassFixture<Building>;

public sealed class WhenTheRolesAreRefused(Building building) : SlackRefusalTests(building, Step.Ask, "usergroups.users.list"), IClassFixture<Building>;

public sealed class WhenTheRolesAreRefusedToTheVote(Building building) : SlackRefusalTests(building, Step.Approve, "usergroups.users.list"), IClassFixture<Building>;

public sealed class WhenTheQuestionIsRefused(Building building) : SlackRefusalTests(building, Step.Ask, "chat.postMessage"), IClassFixture<Building>;

public sealed class WhenTheEditIsRefused(Building building) : SlackRefusalTests(building, Step.Approve, "chat.update"), IClassFixture<Building>;
