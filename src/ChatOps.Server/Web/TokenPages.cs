using System.Text;
using ChatOps.Core;
using ChatOps.Core.Grants;

namespace ChatOps.Server.Web;

/// <summary>What somebody sees who fetches a token, or may not.</summary>
internal static class TokenPages
{
    private const string Title = "ChatOps access";

    public static IResult Offer(Grant grant, string field, string proof) => Page.Show(Title, Html.Of(
        $"""
        <main class="sheet"><h1>Your access to {grant.Target.Name}</h1>
        <p>As <strong>{grant.Role}</strong>: ClusterRole <code>{grant.Scope.ClusterRole}</code> in {string.Join(", ", grant.Scope.Namespaces)} of cluster {grant.Scope.Cluster}, until {Moment(grant.EndsAt)}.</p>
        <p>The button makes a token and shows it once, in a kubeconfig. It is kept nowhere; that you fetched it is on the incident's record. After that moment it is worth nothing.</p>
        <form method="post"><input type="hidden" name="{field}" value="{proof}"><button type="submit">Make and show it</button></form></main>
        """));

    public static IResult Fetched(MintedToken token) => Page.Show(Title, Html.Of(
        $"""
        <main class="sheet"><h1>Your kubeconfig</h1>
        <p>Shown once. Save it as a file that only you can read, and use it with <code>kubectl --kubeconfig</code>. It ends with the access; the token itself expires {Moment(token.ExpiresAt)}. Lost: go back and make another.</p>
        <pre>{KubeConfig(token)}</pre></main>
        """));

    public static IResult Refused(Refusal refusal, int status) => Page.Show(Title, Html.Of(
        $"""
        <main class="sheet"><h1>{refusal.Kind.Title()}</h1><p>{refusal.Why.ToString()}</p><p>{refusal.Instead.ToString()}</p></main>
        """), status);

    public static IResult NotPressedHere(Guid grant) => Page.Show(Title, Html.Of(
        $"""
        <main class="sheet"><h1>That was not pressed here</h1>
        <p>The button counts only on its own page, while you are signed in, for ten minutes. <a href="/access/{grant.ToString("N")}">Open the page again</a>.</p></main>
        """), StatusCodes.Status403Forbidden);

    internal static string KubeConfig(MintedToken token)
    {
        var authority = token.Authority.Length == 0 ? "" : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(token.Authority))}";
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: chatops
              cluster:
                server: {token.Server.GetLeftPart(UriPartial.Path).TrimEnd('/')}{authority}
            users:
            - name: chatops
              user:
                token: {token.Token}
            contexts:
            - name: chatops
              context:
                cluster: chatops
                user: chatops
            current-context: chatops
            """;
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
