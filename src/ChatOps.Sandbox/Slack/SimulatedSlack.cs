using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Api;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Slack;

/// <summary>
/// A Slack workspace at the other end of a real wire: Web API, response URLs and Socket Mode for the app;
/// people, channels and faults for a test or for the sandbox's page.
/// </summary>
public sealed class SimulatedSlack : IAsyncDisposable
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(3);
    private readonly HttpTransport http;
    private WebApplication? host;

    public SimulatedSlack(SimulatedSlackOptions options)
    {
        Options = options;
        Workspace = SampleWorkspace.Create(options.Time, options.Patience);
        Posts = new Posts(Workspace);
        Dialogs = new Dialogs(Workspace, Posts);
        Answers = new Answers(Workspace, Posts);
        Sockets = new SlackSockets(Workspace, options.Patience);
        http = new HttpTransport(options, Workspace);
        Deliverer = new Deliverer(Workspace, options.SocketMode ? Sockets.Envelopes : http);
        Files = new FileMethods(Workspace, Posts, () => BaseUrl);
        WebApi = new WebApi(Workspace, options, Faults,
        [
            .. new ChatMethods(Workspace, options, Posts, Files).All(), .. new ConversationMethods(Workspace).All(), .. new PeopleMethods(Workspace, options).All(),
            .. new ViewMethods(Workspace, Dialogs).All(), .. new MarkMethods(Workspace).All(), .. new AppMethods(options, Sockets, () => BaseUrl).All(), .. Files.All(),
        ]);
        ResponseUrls = new ResponseUrlEndpoint(Workspace, Answers, Faults);
    }

    public SimulatedSlackOptions Options { get; }

    /// <summary>Where the app finds the Web API; ends with <c>/api/</c>.</summary>
    public Uri ApiBaseUrl => new(BaseUrl, "/api/");

    /// <summary>Where Slack finds the app's request URLs; only needed without Socket Mode.</summary>
    public Uri? AppUrl
    {
        get => http.App;
        set => http.App = value;
    }

    public SlackFaults Faults { get; } = new();

    public SlackSockets Sockets { get; }

    /// <summary>Bends what is sent to the app over HTTP, until it is set back to <c>new()</c>.</summary>
    public DeliveryTweak Tweak
    {
        get => http.Tweak;
        set => http.Tweak = value;
    }

    /// <summary>Every Web API call so far, in order.</summary>
    public IReadOnlyList<ApiCall> Calls => Workspace.Read(() => WebApi.Calls.ToList());

    /// <summary>Every use of a response_url so far, in order.</summary>
    public IReadOnlyList<ApiCall> ResponseUrlCalls => Workspace.Read(() => ResponseUrls.Calls.ToList());

    /// <summary>Every attempt to hand something to the app so far, in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => Workspace.Read(() => Deliverer.Deliveries.ToList());

    /// <summary>Text of the app that Slack accepts but would not show as meant: unescaped data.</summary>
    public IReadOnlyList<string> Complaints => Workspace.Read(() => Posts.Complaints.ToList());

    internal Uri BaseUrl => FindBaseUrl?.Invoke() ?? throw new InvalidOperationException("The simulated Slack listens nowhere yet.");

    /// <summary>Set by whoever hosts the endpoints; asked late, because a port 0 is known late.</summary>
    internal Func<Uri>? FindBaseUrl { get; set; }

    internal SlackWorkspace Workspace { get; }

    internal Posts Posts { get; }

    internal Dialogs Dialogs { get; }

    internal Answers Answers { get; }

    internal Deliverer Deliverer { get; }

    internal WebApi WebApi { get; }

    internal ResponseUrlEndpoint ResponseUrls { get; }

    internal FileMethods Files { get; }

    /// <summary>Hosts a workspace of its own on a free loopback port.</summary>
    public static async Task<SimulatedSlack> StartAsync(SimulatedSlackOptions options, CancellationToken ct)
    {
        var slack = new SimulatedSlack(options);
        slack.host = await LoopbackHost.StartAsync(app => app.MapSlack(slack), ct);
        return slack;
    }

    /// <summary>Acts as somebody, by id or name.</summary>
    public SlackActor As(string user) => new(this, Workspace.Read(() => Workspace.FindUser(user)) ?? throw new ArgumentException($"Nobody is called {user} here.", nameof(user)));

    /// <summary>Looks into a channel, by id or name.</summary>
    public ChannelView Channel(string channel) => new(this, Workspace.Read(() => Workspace.FindChannel(channel)) ?? throw new ArgumentException($"There is no channel {channel} here.", nameof(channel)));

    /// <summary>The direct conversation between somebody and the bot.</summary>
    public ChannelView DirectWith(string user) => new(this, Workspace.Change(() => Workspace.Direct(Workspace.FindUser(user)!.Id, SampleWorkspace.BotUserId)));

    public SlackUser User(string user) => Workspace.Read(() => Workspace.FindUser(user)) ?? throw new ArgumentException($"Nobody is called {user} here.", nameof(user));

    /// <summary>Adds or replaces an account: <c>slack.Change(slack.User("bob") with { Deleted = true })</c>.</summary>
    public void Change(SlackUser user) => Workspace.Change(() => Workspace.Add(user));

    public void Change(SlackUserGroup group) => Workspace.Change(() => Workspace.Add(group));

    public SlackUserGroup Group(string handle) => Workspace.Read(() => Workspace.Groups.Values.First(group => group.Handle == handle || group.Id == handle));

    public void Add(SlackChannel channel, params string[] members) => Workspace.Change(() => Workspace.Add(channel, members));

    /// <summary>What else there is to say when somebody waited in vain.</summary>
    public Func<string>? Circumstances { get; set; }

    /// <summary>Completes when <paramref name="look"/> first sees something; looks again after every change, never by the clock.</summary>
    public async Task<T> WaitForAsync<T>(Func<T?> look, string what, CancellationToken ct, TimeSpan? patience = null)
        where T : class
    {
        var seen = Workspace.Read(() => Workspace.Changes.Until(look));
        try
        {
            return await seen.WaitAsync(patience ?? UsualPatience, ct);
        }
        catch (TimeoutException late)
        {
            var lost = Deliveries.Where(delivery => delivery.Answer is { IsAcknowledged: false }).Select(delivery => $" A {delivery.Kind} did not reach the app: {delivery.Answer!.Failure}.");
            throw new TimeoutException($"Waited in vain for {what}. Last calls: {string.Join(", ", Calls.TakeLast(8).Select(call => $"{call.Method} {(call.IsOk ? "ok" : call.Error)}"))}.{string.Concat(lost)} {Circumstances?.Invoke()}".TrimEnd(), late);
        }
    }

    public Task<ApiCall> WaitForCallAsync(string method, CancellationToken ct, int nth = 1) =>
        WaitForAsync(() => WebApi.Calls.Where(call => call.Method == method).ElementAtOrDefault(nth - 1), $"call {nth} of {method}", ct);

    /// <summary>
    /// Completes when the app can be reached by more sockets than were ever greeted before. That it asked for one is not
    /// enough: whatever is typed between the asking and the greeting reaches nobody, and Slack tries a command only once.
    /// </summary>
    public Task WaitForSocketAsync(int greetedBefore, CancellationToken ct, TimeSpan? patience = null) =>
        WaitForAsync(() => Sockets.Greeted > greetedBefore ? Sockets : null, "a socket of the app", ct, patience);

    /// <summary>Completes when an attempt that fits has been answered or given up.</summary>
    public Task<Delivery> WaitForDeliveryAsync(Func<Delivery, bool> fits, string what, CancellationToken ct) =>
        WaitForAsync(() => Deliverer.Deliveries.Find(delivery => delivery.Answer is not null && fits(delivery)), what, ct);

    /// <summary>Keeps everything from the app until <see cref="ReleaseDeliveries"/>.</summary>
    public void HoldDeliveries() => Deliverer.Hold();

    public void ReleaseDeliveries() => Deliverer.Release();

    /// <summary>Sends the very same bytes and headers again: a replay.</summary>
    public Task<AppAnswer> ReplayAsync(Delivery delivery, CancellationToken ct) =>
        http.SendAsync(delivery.Request ?? throw new ArgumentException("It was not sent over HTTP.", nameof(delivery)), ct);

    /// <summary>Sends the same payload as a new delivery (a fresh signature), as Slack does when it repeats itself.</summary>
    public Task<Delivery> DeliverAgainAsync(Delivery delivery) => Deliverer.OnceAsync(delivery.Kind, (JsonObject)delivery.Payload.DeepClone());

    /// <summary>Asks the app's event URL to prove itself, as the settings page does.</summary>
    public Task<Delivery> VerifyUrlAsync(string challenge) => Deliverer.OnceAsync(DeliveryKind.Event, EventPayloads.UrlVerification(challenge));

    /// <summary>The unsigned certificate probe of a command's URL.</summary>
    public Task<AppAnswer> ProbeSslAsync(CancellationToken ct) =>
        http.SendAsync(new SignedRequest(Options.CommandPath, "application/x-www-form-urlencoded", "ssl_check=1&token=simulated"u8.ToArray(), []), ct);

    /// <summary>Delivers an event of any kind, wrapped and retried as Slack does.</summary>
    public Task<Delivery> EmitAsync(JsonObject payload) => Deliverer.EventAsync(Workspace.Change(() => EventPayloads.Wrap(Workspace, payload, SampleWorkspace.TeamId)));

    public async ValueTask DisposeAsync()
    {
        await Deliverer.DisposeAsync();
        Sockets.Cut();
        if (host is not null)
        {
            await host.DisposeAsync();
        }

        http.Dispose();
    }
}
