namespace ChatOps.Scenarios.Crashes;

/// <summary>Kills the product at random moments and starts it again at once.</summary>
internal sealed class Killer(CrashWorld world, Random dice)
{
    private const int BackupEvery = 25;

    /// <summary>As Kubernetes waits longer and longer before it starts again what crashes: else a slow machine brings no story to its end.</summary>
    private const int PeaceEvery = 10;
    private static readonly TimeSpan Peace = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Backups that were begun around a kill and came to their end all the same.</summary>
    public List<string> Backups { get; } = [];

    /// <summary>When each kill struck.</summary>
    public List<DateTimeOffset> Struck { get; } = [];

    public async Task KillAsync(int times)
    {
        await world.Server.StartAsync();
        for (var kill = 0; kill < times; kill++)
        {
            var backup = kill % BackupEvery == BackupEvery / 2 ? await BackupBeginsAsync() : null;
            if (kill % PeaceEvery == PeaceEvery - 1)
            {
                await world.Server.ReadyAsync();
                await Task.Delay(Peace);
            }

            await MomentAsync();
            await turn.WaitAsync();
            try
            {
                await world.Server.KillAsync();
                Struck.Add(DateTimeOffset.UtcNow);
                if (backup is var (file, copied) && (await copied).ExitCode == 0)
                {
                    Backups.Add(file);
                }

                await world.Server.StartAsync();
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>One life that lasts until this is over: what is acknowledged is lost only if it does not come in that one either.</summary>
    public async Task<T> SpareAsync<T>(Func<Task<T>> during)
    {
        await turn.WaitAsync();
        try
        {
            await world.Server.ReadyAsync();
            return await during();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>While the server serves: a command that meets none has the store to itself, and a start would be refused meanwhile.</summary>
    private async Task<(string File, Task<(int ExitCode, string Output)> Copied)?> BackupBeginsAsync()
    {
        await world.Server.ReadyAsync();
        var file = world.NewBackupFile();
        return (file, world.Server.RunAsync("storage", "backup", file));
    }

    /// <summary>
    /// Sometimes any moment, start included; sometimes shortly after a call of Slack's Web API, where an answer can be lost: half of
    /// those once it serves, since a start makes calls too, and on a slow machine no life would come to anything.
    /// </summary>
    private async Task MomentAsync()
    {
        if (dice.Next(4) == 0)
        {
            await Task.Delay(dice.Next(2500));
            return;
        }

        if (dice.Next(2) == 0)
        {
            await world.Server.ReadyAsync();
        }

        var calls = world.Outside.Slack.Calls.Count + 1 + dice.Next(20);
        try
        {
            await world.Outside.Slack.WaitForAsync(() => world.Outside.Slack.Calls.Count >= calls ? this : null, "a call", CancellationToken.None, TimeSpan.FromSeconds(4));
        }
        catch (TimeoutException)
        {
            // Nothing is said just now: as good a moment as any.
        }

        await Task.Delay(dice.Next(40));
    }
}
