using System.Globalization;
using System.Security.Cryptography;
using ChatOps.Core.People;
using ChatOps.Server.Configuration;
using Microsoft.AspNetCore.DataProtection;

namespace ChatOps.Server.Web;

/// <summary>
/// Private links to the record: for one person and one incident, good once, for ten minutes. What a link says is encrypted
/// and authenticated in it; that it was used is a file, so that a restart or a second process does not revive it.
/// </summary>
public sealed class SignInLinks
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly WebOptions web;
    private readonly IDataProtector protector;
    private readonly string used;

    public SignInLinks(WebOptions web, IDataProtectionProvider protection)
    {
        this.web = web;
        protector = protection.CreateProtector("ChatOps.SignInLinks.1");
        used = Path.Combine(web.DataProtectionPath, "used-links");
    }

    /// <summary>To be sent to that person alone. Where OpenID Connect is configured, simply the page.</summary>
    public Uri Create(Person person, int incident, DateTimeOffset now)
    {
        if (web.Oidc is not null)
        {
            return web.Link($"incidents/{incident}");
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var payload = string.Create(CultureInfo.InvariantCulture, $"{id}|{incident}|{(now + Lifetime).ToUnixTimeSeconds()}|{person.Name}");
        return web.Link($"sign-in/{protector.Protect(payload)}");
    }

    /// <summary>What a link says, without using it up: whoever prefetches a link must not burn it.</summary>
    internal LinkState Read(string token, DateTimeOffset now)
    {
        string[] parts;
        try
        {
            parts = protector.Unprotect(token).Split('|', 4);
        }
        catch (CryptographicException)
        {
            return new LinkState.NotOurs();
        }

        var expires = long.Parse(parts[2], CultureInfo.InvariantCulture);
        var good = new LinkState.Good(parts[3], int.Parse(parts[1], CultureInfo.InvariantCulture), Path.Combine(used, $"{expires}-{parts[0]}"));
        return now.ToUnixTimeSeconds() >= expires ? new LinkState.Expired()
            : File.Exists(good.Mark) ? new LinkState.Used()
            : good;
    }

    /// <summary>Uses it up. Of two who try at once, one succeeds.</summary>
    internal LinkState Redeem(string token, DateTimeOffset now)
    {
        if (Read(token, now) is not LinkState.Good good)
        {
            return Read(token, now);
        }

        Directory.CreateDirectory(used);
        Sweep(now);
        try
        {
            using var mark = new FileStream(good.Mark, FileMode.CreateNew, FileAccess.Write);
            mark.Flush(flushToDisk: true);
            return good;
        }
        catch (IOException) when (File.Exists(good.Mark))
        {
            return new LinkState.Used();
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var file in Directory.EnumerateFiles(used))
        {
            var name = Path.GetFileName(file);
            if (long.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('-', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var expires)
                && expires < now.AddMinutes(-1).ToUnixTimeSeconds())
            {
                File.Delete(file);
            }
        }
    }
}

/// <summary>What became of a link.</summary>
internal abstract record LinkState
{
    private LinkState()
    {
    }

    internal sealed record Good(string Person, int Incident, string Mark) : LinkState;

    internal sealed record NotOurs : LinkState;

    internal sealed record Expired : LinkState;

    internal sealed record Used : LinkState;
}
