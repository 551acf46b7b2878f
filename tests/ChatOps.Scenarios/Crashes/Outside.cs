using ChatOps.Peers;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Git;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Crashes;

/// <summary>All that the product meets: a real API server with the simulated Argo CD as its controller, and the simulated Slack.</summary>
internal sealed class Outside : IAsyncDisposable
{
    private static readonly string[] People = ["alice", "bob", "carol"];

    private readonly GitRepository repository;
    private readonly SimulatedArgoCd argo;

    private Outside(string folder, KubeApiServer cluster, GitRepository repository, SimulatedArgoCd argo, SimulatedSlack slack, IReadOnlyList<string> applications)
    {
        Folder = folder;
        Cluster = cluster;
        this.repository = repository;
        this.argo = argo;
        Slack = slack;
        Applications = applications;
    }

    public string Folder { get; }

    public KubeApiServer Cluster { get; }

    public SimulatedSlack Slack { get; }

    public IReadOnlyList<string> Applications { get; }

    /// <summary>Everything that the bot has posted for everybody, or for one person as a direct message.</summary>
    public IReadOnlyList<SlackMessage> Posts =>
        [.. Applications.Select(name => Slack.Channel(ChannelOf(name))).Concat(People.Select(Slack.DirectWith)).SelectMany(channel => channel.Messages).Where(message => message.BotId is not null)];

    /// <summary>Each application has a channel of its own, so that each story is told in one place.</summary>
    public static string ChannelOf(string application) => $"C0{application.ToUpperInvariant()}";

    public static async Task<Outside> StartAsync(Uri product, IReadOnlyList<string> applications)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-crashes-").FullName;
        var cluster = await KubeApiServer.StartAsync();
        await cluster.ApplyArgoCdCrdsAsync();
        await cluster.ApplyAsync(CrashObjects.Of(applications));
        var git = await GitRepository.CreateAsync(Path.Combine(folder, "deploy.git"), TimeProvider.System, CancellationToken.None);
        await git.CommitAsync("main", "The shop", CrashObjects.Files(applications), CancellationToken.None);
        var controller = await SimulatedArgoCd.StartAsync(
            new ArgoCdSimulationOptions
            {
                ApiServer = cluster.Url,
                Token = KubeUser.Admin.Token,
                Handler = cluster.CreateHandler,
                Repositories = new Dictionary<string, string> { [CrashObjects.RepoUrl] = git.Path },
                Time = TimeProvider.System,
            },
            CancellationToken.None);
        var slack = await SimulatedSlack.StartAsync(new SimulatedSlackOptions { AppUrl = product }, CancellationToken.None);
        foreach (var application in applications)
        {
            slack.Add(new SlackChannel(ChannelOf(application), application), SampleWorkspace.Alice, SampleWorkspace.Bob, SampleWorkspace.Carol, SampleWorkspace.BotUserId);
        }

        return new(folder, cluster, git, controller, slack, applications);
    }

    public async ValueTask DisposeAsync()
    {
        await Slack.DisposeAsync();
        await argo.DisposeAsync();
        repository.Dispose();
        await Cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
