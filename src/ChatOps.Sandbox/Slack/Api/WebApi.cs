using System.Globalization;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary><c>/api/{method}</c>: reads the call, lets a planned fault have its way, checks token and scope, answers in Slack's envelope.</summary>
internal sealed class WebApi(SlackWorkspace workspace, SimulatedSlackOptions options, SlackFaults faults, IEnumerable<ApiMethod> methods)
{
    private readonly Dictionary<string, ApiMethod> methods = methods.ToDictionary(method => method.Name, StringComparer.Ordinal);
    private readonly RateLimits limits = new(workspace.Time);

    public List<ApiCall> Calls { get; } = [];

    public async Task ServeAsync(HttpContext context, string name)
    {
        var request = await ApiRequest.ReadAsync(context.Request, context.RequestAborted);
        var method = methods.GetValueOrDefault(name);
        var arguments = new ApiArguments(request.IsJson && method is { ReadsJson: false } ? [] : request.Arguments);
        var call = new ApiCall(name, request.Arguments, workspace.Now) { ContentType = context.Request.ContentType };
        var fault = faults.Take(call);
        if (fault is { IsApplied: false })
        {
            workspace.Change(() => Calls.Add(call));
            await MisbehaveAsync(context, fault, call);
            return;
        }

        workspace.Change(() =>
        {
            Calls.Add(call);
            Answer(call, method, arguments, request);
        });
        if (fault is not null)
        {
            await MisbehaveAsync(context, fault, call);
            return;
        }

        context.Response.Headers["X-OAuth-Scopes"] = string.Join(',', options.Scopes);
        context.Response.Headers["X-Accepted-OAuth-Scopes"] = method?.Scope ?? "";
        await WriteAsync(context, call);
    }

    private void Answer(ApiCall call, ApiMethod? method, ApiArguments arguments, ApiRequest request)
    {
        try
        {
            if (method is null)
            {
                throw new SlackRefusal("unknown_method");
            }

            Authorize(method, request);
            if (options.EnforceRateLimits && limits.Refuse(method, arguments) is { } wait)
            {
                (call.Status, call.RetryAfter) = (StatusCodes.Status429TooManyRequests, wait);
                throw new SlackRefusal("ratelimited");
            }

            var answer = method.Answer(arguments);
            answer.Insert(0, "ok", true);
            if (request is { IsJson: true, HasCharset: false })
            {
                answer["warning"] = "missing_charset";
            }

            call.Answer = answer;
        }
        catch (SlackRefusal refusal)
        {
            call.Answer = refusal.ToJson();
        }
    }

    private void Authorize(ApiMethod method, ApiRequest request)
    {
        if (request.Token is not { Length: > 0 } token)
        {
            throw new SlackRefusal("not_authed");
        }

        if (token != options.BotToken && token != options.AppToken)
        {
            throw new SlackRefusal("invalid_auth");
        }

        if (token != (method.ForApps ? options.AppToken : options.BotToken) || (method.ForApps && !request.IsTokenInHeader))
        {
            throw new SlackRefusal("not_allowed_token_type");
        }

        if (method.Scope.Length > 0 && !options.Scopes.Contains(method.Scope))
        {
            throw new SlackRefusal("missing_scope") { Scopes = (method.Scope, string.Join(',', options.Scopes)) };
        }
    }

    private async Task MisbehaveAsync(HttpContext context, Fault fault, ApiCall call)
    {
        if (fault.Hangs)
        {
            await faults.HangAsync(context.RequestAborted);
            return;
        }

        if (fault.Status is not { } status)
        {
            context.Abort();
            return;
        }

        workspace.Change(() =>
        {
            (call.Status, call.RetryAfter) = (status, fault.RetryAfter);
            call.Answer = fault.Error is { } error ? new SlackRefusal(error).ToJson() : null;
        });
        await WriteAsync(context, call);
    }

    private async Task WriteAsync(HttpContext context, ApiCall call)
    {
        context.Response.StatusCode = call.Status;
        context.Response.Headers["x-slack-req-id"] = workspace.Read(() => string.Create(CultureInfo.InvariantCulture, $"req-{Calls.IndexOf(call)}"));
        if (call.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        context.Response.ContentType = call.Answer is null ? "text/html" : "application/json; charset=utf-8";
        await context.Response.WriteAsync(call.Answer?.ToJsonString() ?? "<html>upstream error</html>", context.RequestAborted);
    }
}
