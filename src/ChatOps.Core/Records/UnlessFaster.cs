namespace ChatOps.Core.Records;

/// <summary>
/// For what was done already and must be written down: when somebody saved first, it is read and decided again, without
/// doing it again.
/// </summary>
internal static class UnlessFaster
{
    private const int MostTries = 50;

    public static async Task DoAsync(Func<Task> step)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (StaleRecordException) when (tries < MostTries)
            {
                await Task.Yield(); // somebody else's step is on its way
            }
        }
    }
}
