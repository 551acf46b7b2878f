using System.Text.RegularExpressions;

namespace ChatOps.Server.Configuration;

/// <summary>
/// Takes out what looks like a credential, wherever it turns up: exceptions of libraries carry URLs and headers. A last
/// net below "never log it", not instead of it. In linear time, and so without a time limit: a busy machine would lose the line.
/// </summary>
internal static partial class Redaction
{
    private const string Gone = "[redacted]";

    public static string Clean(string text) => Bearers().Replace(Links().Replace(Tokens().Replace(text, Gone), $"${{keep}}{Gone}"), $"${{keep}}{Gone}");

    // Slack (xoxb-, xapp-, xoxe.xoxp-), GitHub (ghp_, github_pat_), JSON Web Tokens, private keys.
    [GeneratedRegex(
        @"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]+|\bxapp-[A-Za-z0-9-]+|\bgh[opsur]_[A-Za-z0-9]+|\bgithub_pat_[A-Za-z0-9_]+|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();

    // Response URLs, socket URLs and our own private links: whoever has one may use it.
    [GeneratedRegex(@"(?<keep>hooks\.slack\.com/|wss?://[^\s/""']+/|/sign-in/)[^\s""'<>]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<keep>(?:Bearer|Basic|token=|secret=|password=|ticket=)\s*)[A-Za-z0-9._~+/=-]{6,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Bearers();
}
