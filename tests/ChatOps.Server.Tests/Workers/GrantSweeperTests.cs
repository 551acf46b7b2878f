using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Server.Metrics;
using ChatOps.Server.Tests.Health;
using ChatOps.Server.Tests.Web;
using ChatOps.Server.Workers;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Server.Tests.Workers;

/// <summary>Nobody has to be awake in chat for what the sweep finds to be known.</summary>
public sealed class GrantSweeperTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-sweep-").FullName;
    private readonly FakeTimeProvider time = new(Some.Now);
    private readonly CapturedLog log = new();
    private readonly Meters meters = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_it_finds_and_what_it_cannot_see_is_in_the_log_and_in_the_numbers_also_with_nobody_to_tell()
    {
        using var records = LiteDbRecords.Open(Path.Combine(folder, "chatops.db"), time);
        using var bridge = new InstrumentBridge(meters);
        await bridge.StartAsync(default);
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        var cluster = new OneRogue();
        var files = new IncidentFiles(records, new Reception(Some.Register(), []), time);
        var tell = new TellFound(records, files, new([]));
        using var sweeper = new GrantSweeper(new(records, files, new([cluster]), tell, time), tell, meters, time, logs.CreateLogger<GrantSweeper>());

        Assert.False(await sweeper.RunOnceAsync(default));

        Assert.Contains(log.Lines, line => line.Contains("chatops-rogue", StringComparison.Ordinal) && line.Contains("mallory", StringComparison.Ordinal) && line.Contains("taken away", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("cannot be looked for in production", StringComparison.Ordinal) && line.Contains("one page was not told", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("no incident and no channel", StringComparison.Ordinal));
        var text = await MetersTests.ReadAsync(meters);
        Assert.Contains("chatops_grants_unseen{cluster=\"production\",kind=\"role_binding\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("chatops_grants_found_total{kind=\"role_binding\",outcome=\"taken_away\"} 1", text, StringComparison.Ordinal);
    }

    /// <summary>Somebody takes the finalizer off, and the object is found no more: whoever read that it stays has to read that it is gone.</summary>
    [Fact]
    public async Task What_stayed_and_is_not_found_any_more_is_told_to_be_gone()
    {
        using var records = LiteDbRecords.Open(Path.Combine(folder, "chatops.db"), time);
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        var cluster = new OneRogue { Stays = true, TellsAll = true };
        var files = new IncidentFiles(records, new Reception(Some.Register(), []), time);
        var channel = new Channel(ChatPlatform.Slack, "T0EXAMPLE", "C0SHOP");
        var tell = new TellFound(records, files, new([new ApplicationChannel(["*"], channel)]));
        using var sweeper = new GrantSweeper(new(records, files, new([cluster]), tell, time), tell, meters, time, logs.CreateLogger<GrantSweeper>());
        Assert.False(await sweeper.RunOnceAsync(default));
        Assert.Contains("not taken away yet", await SaidAsync(records), StringComparison.Ordinal);

        cluster.Vanish();
        Assert.True(await sweeper.RunOnceAsync(default));

        Assert.Contains("took it away before I did", await SaidAsync(records), StringComparison.Ordinal);
    }

    private static async Task<string> SaidAsync(LiteDbRecords records) =>
        string.Join('\n', (await records.DueAsync(Some.Now.AddDays(1), 10, default)).Select(post => post.Post).OfType<Outgoing.Say>().SelectMany(say => say.Card.Parts).OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

    /// <summary>A cluster that tells of one binding that nobody knows, and not of all.</summary>
    private sealed class OneRogue : IAccess
    {
        public bool Stays { get; init; }

        public bool TellsAll { get; init; }

        public void Vanish() => there.Clear();

        private readonly List<FoundGrant> there = [new(GrantKind.RoleBinding, "production", "shop", "chatops-rogue", null, null, null, "mallory") { Uid = "u-1" }];

        public GrantKind Kind => GrantKind.RoleBinding;

        public IReadOnlyList<string> Clusters => ["production"];

        public bool IsGivenIn(string cluster) => true;

        public Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
        {
            if (Stays)
            {
                return Task.FromResult(new ClusterAnswer(ClusterAnswerKind.Moved, "it is kept by a finalizer"));
            }

            there.Clear();
            return Task.FromResult(ClusterAnswer.Ok);
        }

        public Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct) => throw new NotSupportedException();

        public string Allows(Grant grant) => "";

        public Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct) =>
            Task.FromResult<(ClusterAnswer, IReadOnlyList<FoundGrant>)>((TellsAll ? ClusterAnswer.Ok : new(ClusterAnswerKind.Unavailable, "one page was not told"), [.. there]));
    }
}
