using ChatOps.Core.People;
using ChatOps.Core.Records;
using Microsoft.AspNetCore.Authentication;

namespace ChatOps.Server.Web;

/// <summary>The record, read only. Nobody learns whether an incident exists before it is known that they may see it.</summary>
internal sealed class RecordEndpoints(IRecords records, Readers readers, Register register, ApplicationLinks links, ChatWords words, TimeProvider time)
{
    public async Task<IResult> ListAsync(HttpContext context, CancellationToken ct)
    {
        if (await readers.OfAsync(context) is not { } reader)
        {
            return Challenge(context);
        }

        var incidents = await records.IncidentsAsync(onlyOpen: false, ct);
        return IndexPage.Show([.. incidents.Where(incident => reader.MaySee(incident.Number))], Clock.For(reader.Person, time.GetUtcNow()), register, words);
    }

    public Task<IResult> ShowAsync(HttpContext context, int number, CancellationToken ct) =>
        ReadAsync(context, number, (record, reader) => new RecordPage(record, Clock.For(reader.Person, time.GetUtcNow()), register, links).Show(), ct);

    public Task<IResult> TimelineAsync(HttpContext context, int number, CancellationToken ct) =>
        ReadAsync(context, number, (record, _) => Results.Json(TimelineJson.Of(record)), ct);

    private async Task<IResult> ReadAsync(HttpContext context, int number, Func<IncidentRecord, Reader, IResult> show, CancellationToken ct)
    {
        if (await readers.OfAsync(context) is not { } reader)
        {
            return Challenge(context);
        }

        if (!reader.MaySee(number))
        {
            return SignInPages.OtherIncident(words);
        }

        return await IncidentRecord.ReadAsync(records, number, ct) is { } record ? show(record, reader) : SignInPages.NotThere();
    }

    private IResult Challenge(HttpContext context) => context.RequestServices.GetService<OidcSignIn>() is null
        ? SignInPages.NeedsSignIn(words)
        : Results.Challenge(new AuthenticationProperties { RedirectUri = context.Request.Path }, [OidcSignIn.Scheme]);
}
