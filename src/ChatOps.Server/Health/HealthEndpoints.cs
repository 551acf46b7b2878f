namespace ChatOps.Server.Health;

/// <summary>
/// <c>/health/live</c>: the process can answer and its loops turn; restart it when not. <c>/health/ready</c>: what people say can be taken
/// and acted on; says which part does not work. A dead cluster, or a post that cannot be delivered, is named and keeps nobody
/// out: there is one server, a restart would heal neither, and in just such an hour people must reach it.
/// </summary>
public static class HealthEndpoints
{
    public static IServiceCollection AddReadiness(this IServiceCollection services) => services.AddSingleton<Readiness>().AddSingleton<Liveness>();

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", (Liveness liveness) => liveness.WhatStandsStill() is { } why
            ? Results.Json(new { status = "not live", why }, statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { status = "live" }));
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken ct) =>
        {
            var parts = await readiness.LookAsync(ct);
            var ready = parts.All(part => part.Value is null || !readiness.KeepsPeopleOut(part.Key));
            return Results.Json(
                new { status = !ready ? "not ready" : parts.Values.All(wrong => wrong is null) ? "ready" : "ready, with trouble", parts = parts.ToDictionary(part => part.Key, part => part.Value ?? "ok") },
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }
}
