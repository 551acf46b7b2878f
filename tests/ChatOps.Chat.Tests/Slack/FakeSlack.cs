using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>The other end of the wire, on loopback: answers each method as told, and remembers what it was asked.</summary>
internal sealed class FakeSlack : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<JsonObject, HttpContext, JsonObject>> answers = [];

    private FakeSlack(WebApplication app) => this.app = app;

    public ConcurrentQueue<(string Method, JsonObject Arguments, string? Token)> Calls { get; } = [];

    public ConcurrentQueue<JsonObject> Responses { get; } = [];

    /// <summary>Status that a response_url answers with.</summary>
    public int ResponseStatus { get; set; } = 200;

    /// <summary>What a response_url answers with.</summary>
    public string ResponseBody { get; set; } = "ok";

    public Uri Url => new(app.Urls.First());

    public string ApiBaseUrl => new Uri(Url, "api/").ToString();

    public string ResponseUrl => new Uri(Url, "commands/T1/1/x").ToString();

    public static async Task<FakeSlack> StartAsync(Action<WebApplication>? also = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var slack = new FakeSlack(server);
        server.UseWebSockets();
        server.MapPost("/api/{method}", slack.AnswerAsync);
        server.MapPost("/commands/{**rest}", slack.RespondAsync);
        also?.Invoke(server);
        slack.On("users.info", arguments => Ok(new() { ["user"] = User(arguments["user"]!.ToString()) }));
        await server.StartAsync();
        return slack;
    }

    public static JsonObject Ok(JsonObject? fields = null)
    {
        var answer = fields ?? [];
        answer["ok"] = true;
        return answer;
    }

    public static JsonObject Error(string code) => new() { ["ok"] = false, ["error"] = code };

    public static JsonObject User(string id, Action<JsonObject>? change = null)
    {
        var user = new JsonObject { ["id"] = id, ["team_id"] = "T1", ["name"] = id, ["tz"] = "Europe/Vienna", ["profile"] = new JsonObject { ["display_name"] = $"name of {id}" } };
        change?.Invoke(user);
        return user;
    }

    /// <summary>An address where nothing listens.</summary>
    public static string DeadUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/api/";
    }

    public void On(string method, Func<JsonObject, JsonObject> answer) => answers[method] = (arguments, _) => answer(arguments);

    public void On(string method, Func<JsonObject, HttpContext, JsonObject> answer) => answers[method] = answer;

    public IReadOnlyList<JsonObject> CallsOf(string method) => [.. Calls.Where(call => call.Method == method).Select(call => call.Arguments)];

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(string method, HttpContext http)
    {
        var arguments = await ReadAsync(http.Request);
        Calls.Enqueue((method, arguments, http.Request.Headers.Authorization));
        var answer = answers.TryGetValue(method, out var known) ? known(arguments, http) : Error("unknown_method");
        await http.Response.WriteAsJsonAsync(answer);
    }

    private async Task RespondAsync(HttpContext http)
    {
        Responses.Enqueue(await ReadAsync(http.Request));
        http.Response.StatusCode = ResponseStatus;
        await http.Response.WriteAsync(ResponseBody);
    }

    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
        {
            return JsonNode.Parse(body)!.AsObject();
        }

        return new(QueryHelpers.ParseQuery(body).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToString())));
    }
}
