namespace ChatOps.Sandbox.Cluster;

/// <summary>One request as it arrived: who authenticated, whom they acted as, and what they asked.</summary>
public sealed record SeenRequest(
    DateTimeOffset At,
    string User,
    string? ImpersonatedUser,
    IReadOnlyList<string> ImpersonatedGroups,
    IReadOnlyDictionary<string, string[]> Extra,
    string Verb,
    string Method,
    string Path,
    string Query,
    string ContentType,
    string Body);

/// <summary>All requests since the start or the last <see cref="Clear"/>, refused ones too.</summary>
public sealed class RequestLog
{
    private readonly Lock gate = new();
    private readonly List<SeenRequest> seen = [];

    public IReadOnlyList<SeenRequest> All
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            seen.Clear();
        }
    }

    internal void Add(SeenRequest request)
    {
        lock (gate)
        {
            seen.Add(request);
            if (seen.Count > 50_000)
            {
                seen.RemoveRange(0, 10_000);
            }
        }
    }
}
