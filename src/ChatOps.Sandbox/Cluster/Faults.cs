using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Makes the API server misbehave for the requests that a test names; rules are asked in the order they were added.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private int hanging;

    /// <summary>Requests that get no answer until their caller gives up: only time helps them.</summary>
    public int Hanging => Volatile.Read(ref hanging);

    /// <summary>Answers with this status; without a body, with a Status object as the API server would write it.</summary>
    public void Answer(Predicate<SeenRequest> when, int status, string? body = null, int? retryAfter = null, int? nth = null) =>
        Add(new Rule(when, new Fault(FaultKind.Answer, status, body, retryAfter), nth));

    /// <summary>Never answers; ends when the caller gives up or the server stops.</summary>
    public void Hang(Predicate<SeenRequest> when, int? nth = null) => Add(new Rule(when, new Fault(FaultKind.Hang), nth));

    /// <summary>Closes the connection without having done anything.</summary>
    public void Drop(Predicate<SeenRequest> when, int? nth = null) => Add(new Rule(when, new Fault(FaultKind.Drop), nth));

    /// <summary>Does what was asked, then closes the connection: the caller cannot know.</summary>
    public void ApplyThenDrop(Predicate<SeenRequest> when, int? nth = null) => Add(new Rule(when, new Fault(FaultKind.ApplyThenDrop), nth));

    public void Clear()
    {
        lock (gate)
        {
            rules.Clear();
        }
    }

    internal async Task HangAsync(CancellationToken gone)
    {
        Interlocked.Increment(ref hanging);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref hanging);
    }

    internal Fault? For(SeenRequest request)
    {
        lock (gate)
        {
            Fault? found = null;
            foreach (var rule in rules.Where(rule => rule.When(request)))
            {
                rule.Seen++;
                found ??= rule.Nth is null || rule.Nth == rule.Seen ? rule.Fault : null;
            }

            return found;
        }
    }

    private void Add(Rule rule)
    {
        lock (gate)
        {
            rules.Add(rule);
        }
    }

    private sealed class Rule(Predicate<SeenRequest> when, Fault fault, int? nth)
    {
        public Predicate<SeenRequest> When { get; } = when;

        public Fault Fault { get; } = fault;

        public int? Nth { get; } = nth;

        public int Seen { get; set; }
    }
}

internal enum FaultKind
{
    Answer,
    Hang,
    Drop,
    ApplyThenDrop,
}

internal sealed record Fault(FaultKind Kind, int Status = 0, string? Body = null, int? RetryAfter = null)
{
    public string BodyOrStatus() => Body ?? new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = "injected",
        ["reason"] = Status switch { 401 => "Unauthorized", 403 => "Forbidden", 404 => "NotFound", 409 => "Conflict", 422 => "Invalid", 429 => "TooManyRequests", 503 => "ServiceUnavailable", 504 => "Timeout", _ => "InternalError" },
        ["code"] = Status,
    }.ToJsonString();
}
