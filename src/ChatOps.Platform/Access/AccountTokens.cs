using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Platform.ArgoCd.Views;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Tokens of Argo CD's local accounts, as its API lists them: they are kept in a Secret, which nobody here reads. It lists only
/// the accounts that the asking token may get, and says nothing of those that it leaves out.
/// </summary>
internal static class AccountTokens
{
    private const string Tokens = "tokens of Argo CD's accounts";

    public static async Task<Leftovers> LookAsync(ArgoCdApi? api, Func<DateTimeOffset, bool> isMeanwhile, CancellationToken ct)
    {
        if (api is null)
        {
            return new([], []) { BeyondReach = [$"{Tokens} (argocd account get --account <name> shows them)"] };
        }

        var (trouble, accounts, isAll) = await api.AccountsAsync(ct);
        if (trouble is not null)
        {
            return new([], [$"{Tokens} ({trouble})"]);
        }

        var found =
            from account in accounts.Items()
            let name = account.Text("name")
            where name is not null
            from token in account.Items("tokens")
            let at = Moment(token.At("issuedAt"))
            where at is not null && isMeanwhile(at.Value)
            select new Leftover(null, $"a token of account {name} in Argo CD", at.Value, $"find out who made it, and delete it if nobody needs it (argocd account delete-token --account {name} {token.Text("id")})");
        return new([.. found], []) { BeyondReach = isAll ? [] : [$"{Tokens} that ArgoCd:Token may not get (argocd account get --account <name> shows them)"] };
    }

    /// <summary>Seconds since 1970, as a token carries them.</summary>
    public static DateTimeOffset? Moment(JsonElement seconds) =>
        seconds is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var issued) && issued is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(issued) : null;
}
