using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Somebody saved first: what is due is read again and decided again.</summary>
internal static class UnlessStale
{
    public static async Task DoAsync(Func<Task> step)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (StaleRecordException) when (tries < 20)
            {
                // Decide again on what is stored now.
            }
        }
    }
}
