using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Scenarios.World;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Story;

/// <content>The store is lost and put back from an older copy while an override is active.</content>
public abstract partial class TheStory
{
    [StoryFact]
    public async Task After_a_restore_the_pause_in_the_cluster_is_taken_over_and_nothing_old_is_said_or_done_again()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var asked = await AskForPauseAsync(world, thread);
        await world.Product.Services.GetRequiredService<LiteDbRecords>().BackupAsync(world.Backup, CancellationToken.None);
        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "is holding");
        await CardSaysAsync(world, thread, "holding");
        var patches = world.Shop.PatchesOfCheckout().Count;

        await world.StopProductAsync();
        LiteDbRecords.Restore(world.Backup, world.Store, world.Clock.GetUtcNow());
        await world.StartProductAsync();

        await world.ThreadSaysAsync(thread, "The record was put back from a backup");
        await world.ThreadSaysAsync(thread, "is paused in the cluster by an operation of this incident", "I took it over");
        await CardSaysAsync(world, thread, "paused until");
        await world.Bob.PressAsync(asked, "Approve", evenIfGone: true);
        await world.PersonIsToldAsync(world.Bob, "no longer in use");
        Assert.Equal(patches, world.Shop.PatchesOfCheckout().Count);
        Assert.False(Automated((await world.Shop.FindAsync(ShopCluster.Checkout))!)!["enabled"]!.GetValue<bool>());
        Assert.Single(world.Channel.Thread(thread), message => message.BotId is not null && Reading.Shows(message, "Pause checkout", "rollback of payment config"));
        Assert.Single(await EntriesAsync(world), entry => entry.Kind == TimelineKind.RecordRestored);

        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        await ResumingRestoresExactly(world, thread);
    }

    private static Task<IReadOnlyList<TimelineEntry>> EntriesAsync(ScenarioWorld world) =>
        world.Product.Services.GetRequiredService<IRecords>().TimelineAsync(1, CancellationToken.None);
}
