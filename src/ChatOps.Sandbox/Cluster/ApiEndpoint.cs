using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>The way of one request through the API server: seen, failed on purpose, authenticated, authorised, done.</summary>
internal sealed class ApiEndpoint(
    ClusterStore store,
    Rbac rbac,
    Authentication authentication,
    ResourceReads reads,
    ResourceWrites writes,
    Faults faults,
    RequestLog requests)
{
    private readonly AccessReviews reviews = new(rbac);

    /// <summary>Returns what was asked; the answer is sent by then.</summary>
    public async Task<SeenRequest> HandleAsync(HttpContext context, TimeProvider time)
    {
        var route = Route.Parse(context.Request.Path);
        var seen = await SeeAsync(context, route, time, context.RequestAborted);
        requests.Add(seen);
        await HandleAsync(context, route, seen, time, context.RequestAborted);
        return seen;
    }

    private async Task HandleAsync(HttpContext context, Route? route, SeenRequest seen, TimeProvider time, CancellationToken ct)
    {
        var fault = faults.For(seen);
        switch (fault?.Kind)
        {
            case FaultKind.Hang:
                await faults.HangAsync(ct);
                return;
            case FaultKind.Drop:
                context.Abort();
                return;
            case FaultKind.Answer:
                if (fault.RetryAfter is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                await AnswerAsync(context, fault.Status, fault.BodyOrStatus(), ct);
                return;
        }

        try
        {
            await ServeAsync(context, route, seen, fault?.Kind == FaultKind.ApplyThenDrop, time, ct);
        }
        catch (ApiRefusal refusal)
        {
            if (fault?.Kind == FaultKind.ApplyThenDrop)
            {
                context.Abort();
                return;
            }

            await AnswerAsync(context, refusal.Code, refusal.ToStatus().ToJsonString(), ct);
        }
        catch (JsonException)
        {
            await AnswerAsync(context, 400, ApiRefusal.BadRequest("error decoding patch: unexpected end of JSON input").ToStatus().ToJsonString(), ct);
        }
    }

    private async Task ServeAsync(HttpContext context, Route? route, SeenRequest seen, bool thenDrop, TimeProvider time, CancellationToken ct)
    {
        var path = context.Request.Path.Value ?? "";
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            await context.Response.WriteAsync("ok", ct);
            return;
        }

        var caller = authentication.Identify(context.Request.Headers).Acting;
        if (path == "/openapi/v2" && context.Request.Headers.Accept.ToString().Contains("protobuf", StringComparison.Ordinal))
        {
            // An empty document is valid protobuf, and kubectl checks nothing against a schema that is not there.
            context.Response.ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
            return;
        }

        if (context.Request.Method == "GET" && Discovery.Answer(path) is { } discovered)
        {
            await AnswerAsync(context, 200, discovered.ToJsonString(), ct);
            return;
        }

        var query = context.Request.Query;
        if (route is not null && context.Request.Method == "POST" && reviews.Answer(caller, route.Resource, seen.Body.Length == 0 ? [] : Parse(seen.Body)) is { } review)
        {
            await AnswerAsync(context, 201, review.ToJsonString(), ct);
            return;
        }

        var kind = route?.Kind ?? throw ApiRefusal.NoSuchPath();
        rbac.Demand(caller, route.ToWish(seen.Verb, query["fieldSelector"]));
        var selection = new Selection(query["labelSelector"], query["fieldSelector"]);
        if (seen.Verb == "watch")
        {
            await new WatchStream(store, time).WriteAsync(context, route, kind, selection, ct);
            return;
        }

        var (status, body) = seen.Verb switch
        {
            "get" => (200, reads.Get(kind, route).ToJsonString()),
            "list" => (200, reads.List(kind, route, query, selection).ToJsonString()),
            _ => new WriteEndpoint(writes, reads, store).Handle(context, caller, route, kind, seen, selection),
        };
        if (thenDrop)
        {
            context.Abort();
            return;
        }

        await AnswerAsync(context, status, body, ct);
    }

    private async Task<SeenRequest> SeeAsync(HttpContext context, Route? route, TimeProvider time, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, ct);
        var body = context.Request.ContentType == ProtobufReview.MediaType ? ProtobufReview.ToJson(buffer.ToArray()) : Encoding.UTF8.GetString(buffer.ToArray());
        var headers = context.Request.Headers;
        var extra = headers.Where(entry => entry.Key.StartsWith("Impersonate-Extra-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(entry => entry.Key["Impersonate-Extra-".Length..].ToLowerInvariant(), entry => entry.Value.OfType<string>().ToArray());
        var impersonated = headers["Impersonate-User"].ToString();
        return new SeenRequest(
            time.GetUtcNow(),
            authentication.NameOf(headers),
            impersonated.Length == 0 ? null : impersonated,
            [.. headers["Impersonate-Group"].OfType<string>()],
            extra,
            Route.Verb(context.Request, route),
            context.Request.Method,
            context.Request.Path,
            context.Request.QueryString.Value ?? "",
            context.Request.ContentType ?? "",
            body);
    }

    private static JsonObject Parse(string body) => JsonNode.Parse(body) as JsonObject ?? throw ApiRefusal.BadRequest("the body is not an object");

    private static async Task AnswerAsync(HttpContext context, int status, string body, CancellationToken ct)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, ct);
    }
}
