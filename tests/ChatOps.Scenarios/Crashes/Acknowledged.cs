using System.Collections.Concurrent;

namespace ChatOps.Scenarios.Crashes;

/// <summary>What got its 200: each must have its effect once, or a refusal.</summary>
internal sealed class Acknowledged
{
    private readonly ConcurrentQueue<Words> all = new();
    private int unheard;

    public IReadOnlyCollection<Words> All => all;

    /// <summary>Said while nobody listened, or cut off before the answer; the bot owes nothing for these.</summary>
    public int UnheardCount => unheard;

    public Words Heard(string what, string token, string application)
    {
        var words = new Words(what, token, application);
        all.Enqueue(words);
        return words;
    }

    public void Unheard() => Interlocked.Increment(ref unheard);

    internal sealed class Words(string what, string token, string application)
    {
        public string What { get; } = what;

        public string Token { get; } = token;

        public string Application { get; } = application;

        public string? Refusal { get; private set; }

        public void Refused(string why) => Refusal = why;
    }
}
