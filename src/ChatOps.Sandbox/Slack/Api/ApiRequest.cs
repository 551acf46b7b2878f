using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>One Web API request taken apart: query, form or JSON, and the token wherever it was put.</summary>
internal sealed record ApiRequest(JsonObject Arguments, string? Token, bool IsTokenInHeader, bool IsJson, bool HasCharset)
{
    private const string Bearer = "Bearer ";

    public static async Task<ApiRequest> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in request.Query)
        {
            arguments[name] = value.ToString();
        }

        var isJson = request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        if (isJson)
        {
            foreach (var (name, value) in await JsonAsync(request, ct))
            {
                arguments[name] = value?.DeepClone();
            }
        }
        else if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync(ct))
            {
                arguments[name] = value.ToString();
            }
        }

        var header = request.Headers.Authorization.ToString();
        var inHeader = header.StartsWith(Bearer, StringComparison.Ordinal) ? header[Bearer.Length..] : null;
        var inBody = isJson ? null : (string?)arguments["token"];
        arguments.Remove("token");
        var hasCharset = request.ContentType?.Contains("charset", StringComparison.OrdinalIgnoreCase) == true;
        return new ApiRequest(arguments, inHeader ?? inBody, inHeader is not null, isJson, hasCharset);
    }

    private static async Task<JsonObject> JsonAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: ct) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
