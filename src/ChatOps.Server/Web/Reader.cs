using System.Globalization;
using System.Net;
using System.Security.Claims;
using ChatOps.Core.People;
using Microsoft.AspNetCore.Authentication;

namespace ChatOps.Server.Web;

/// <summary>Who must sign in to read.</summary>
public enum RecordAccess
{
    Everybody,

    /// <summary>Only for the sandbox, which holds nothing real: whoever asks from this machine reads.</summary>
    NobodyOnLoopback,
}

/// <summary>Somebody who may read: a person who is still configured, and the incidents their sign-in is good for.</summary>
internal sealed record Reader(Person? Person, bool AllIncidents, IReadOnlySet<int> Incidents)
{
    public bool MaySee(int incident) => AllIncidents || Incidents.Contains(incident);
}

/// <summary>Turns the cookie of a request into a <see cref="Reader"/> and back. Nothing in a cookie outlives the person's place in the configuration.</summary>
internal sealed class Readers(Register register, TimeProvider time, RecordAccess access)
{
    public const string Scheme = "record";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const string PersonClaim = "chatops/person";
    private const string IncidentClaim = "chatops/incident";
    private const string All = "*";

    public async Task<Reader?> OfAsync(HttpContext context)
    {
        if (access == RecordAccess.NobodyOnLoopback && IsLocal(context))
        {
            return new(null, AllIncidents: true, new HashSet<int>());
        }

        return await SignedInAsync(context);
    }

    /// <summary>Whoever signed in, also where reading needs no sign-in.</summary>
    public async Task<Reader?> SignedInAsync(HttpContext context)
    {
        var signedIn = await context.AuthenticateAsync(Scheme);
        if (signedIn.Principal?.FindFirst(PersonClaim)?.Value is not { } name || register.Find(name) is not { } person)
        {
            return null;
        }

        var live = Live(signedIn.Principal).Select(claim => claim.Value.Split('@')[0]).ToList();
        return new(person, live.Contains(All), live.Where(value => value != All).Select(value => int.Parse(value, CultureInfo.InvariantCulture)).ToHashSet());
    }

    /// <summary>One more incident for the same person; somebody else's cookie is replaced, not merged.</summary>
    public async Task SignInAsync(HttpContext context, string person, int incident)
    {
        var before = (await context.AuthenticateAsync(Scheme)).Principal;
        var kept = before?.FindFirst(PersonClaim)?.Value == person
            ? Live(before).Where(claim => claim.Value.Split('@')[0] != Text(incident)).Select(claim => claim.Value)
            : [];
        await context.SignInAsync(Scheme, Principal(person, [.. kept, Grant(Text(incident))]));
    }

    public ClaimsPrincipal ForAllIncidents(Person person) => Principal(person.Name, [Grant(All)]);

    private static ClaimsPrincipal Principal(string person, IEnumerable<string> incidents) =>
        new(new ClaimsIdentity([new(PersonClaim, person), .. incidents.Select(value => new Claim(IncidentClaim, value))], Scheme));

    private static string Text(int incident) => incident.ToString(CultureInfo.InvariantCulture);

    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]";

    private string Grant(string incident) =>
        string.Create(CultureInfo.InvariantCulture, $"{incident}@{(time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");

    private IEnumerable<Claim> Live(ClaimsPrincipal principal) => principal.FindAll(IncidentClaim).Where(claim =>
        claim.Value.Split('@') is [_, var expires] && long.Parse(expires, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds());
}
