namespace ChatOps.Server.Web;

/// <summary>
/// A private link opens a page with one button; only its press uses the link up. Chat systems fetch every link they
/// show, and a GET must not spend what was meant for a person.
/// </summary>
internal static class SignInEndpoints
{
    private static readonly string[] Look = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/sign-in/{token}", Look, (string token, SignInLinks links, ChatWords words, TimeProvider time) =>
            links.Read(token, time.GetUtcNow()) is LinkState.Good good ? SignInPages.Confirm(good) : SignInPages.Refused(links.Read(token, time.GetUtcNow()), words));

        app.MapPost("/sign-in/{token}", async (string token, HttpContext context, SignInLinks links, Readers readers, ChatWords words, TimeProvider time) =>
        {
            // Nobody else's page may press the button for somebody (and so sign them in as another person).
            if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
            {
                return SignInPages.Refused(new LinkState.NotOurs(), words);
            }

            var state = links.Redeem(token, time.GetUtcNow());
            if (state is not LinkState.Good good)
            {
                return SignInPages.Refused(state, words);
            }

            await readers.SignInAsync(context, good.Person, good.Incident);
            context.Response.Headers.Location = $"/incidents/{good.Incident}";
            return Results.StatusCode(StatusCodes.Status303SeeOther);
        });
    }
}
