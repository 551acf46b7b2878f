using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// Values as they may be shown in a chat. Nothing of a Secret is; elsewhere nothing whose name or look says that it is
/// secret. That two values differ may always be said.
/// </summary>
internal static partial class Masking
{
    public const string Masked = "(secret, not shown)";
    private const int Longest = 300;

    /// <summary>Fields of Kubernetes that name a secret and hold none.</summary>
    private static readonly string[] References = ["secret", "secrets", "secretName", "secretRef", "secretKeyRef", "imagePullSecrets", "automountServiceAccountToken", "serviceAccountToken"];

    /// <summary>Words in which something secret may stand beside its name.</summary>
    public static bool NamesASecret(string text) => SecretName().IsMatch(text);

    public static string? Show(string kind, FieldPath path, JsonElement value)
    {
        if (SameValue.IsNothing(value))
        {
            return null;
        }

        var text = Defaults.Without(path, value);
        if (IsSecret(kind, path, text))
        {
            return Masked;
        }

        // Of what may hold something secret beyond what is shown, nothing that could be guessed from.
        var bare = value.ValueKind == JsonValueKind.String ? Covered(text) : WithoutCredentials(text);
        return value.ValueKind != JsonValueKind.String && bare.Length > Longest && SecretName().IsMatch(bare) ? $"{bare[..Longest]} … ({bare.Length} characters)" : Cut(bare);
    }

    /// <summary>Two long values that begin alike are two values: what is kept and asked about is told apart by what is shown.</summary>
    private static string Cut(string text) => text.Length <= Longest ? text
        : $"{text[..Longest]} … ({text.Length} characters, sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4))})";

    /// <summary>Whether some of a value may not leave the cluster, so that it cannot be put back from outside either.</summary>
    public static bool Hides(string kind, FieldPath path, JsonElement value)
    {
        if (SameValue.IsNothing(value))
        {
            return false;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return IsSecret(kind, path, text) || (value.ValueKind == JsonValueKind.String ? Covered(text) : WithoutCredentials(text)) != text
            || (value.ValueKind != JsonValueKind.String && SecretName().IsMatch(text));
    }

    /// <summary>Two long texts, such as files in a ConfigMap: only the lines that differ.</summary>
    public static (string? Git, string? Live) Lines(string kind, FieldPath path, JsonElement git, JsonElement live)
    {
        if (git.ValueKind != JsonValueKind.String || live.ValueKind != JsonValueKind.String || !git.GetString()!.Contains('\n', StringComparison.Ordinal) || IsSecret(kind, path, git.GetString()!) || IsSecret(kind, path, live.GetString()!))
        {
            return (Show(kind, path, git), Show(kind, path, live));
        }

        var (before, after) = (git.GetString()!.Split('\n'), live.GetString()!.Split('\n'));
        var same = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var most = Math.Min(before.Length, after.Length) - same;
        var tail = before.Reverse().Zip(after.Reverse()).TakeWhile(pair => pair.First == pair.Second).Take(most).Count();
        return (Piece(before, same, tail), Piece(after, same, tail));
    }

    private static string Piece(string[] lines, int same, int tail)
    {
        return $"line {same + 1}: {Cut(Covered(string.Join('\n', lines[same..^tail])))}";
    }

    /// <summary>A value that is a file, an option, or the words of an error: of what gives a secret only the name.</summary>
    public static string Covered(string text) => WithoutCredentials(SecretLine().Replace(text, "${name}" + Masked));

    /// <summary>Without what stands in addresses and options, whatever else it is.</summary>
    private static string WithoutCredentials(string text) => UserInfo().Replace(SetValue().Replace(text, "${name}" + Masked), "${scheme}" + Masked + "@");

    private static bool IsSecret(string kind, FieldPath path, string text)
    {
        var isInSecret = kind == "Secret" && path.Segments is [{ Name: "data" or "stringData" }, ..];
        return isInSecret || path.Segments.Any(segment => !References.Contains(segment.Name) && SecretName().IsMatch(segment.Name)) || SecretLook().IsMatch(text) || (path.Segments is [.., { Key: not null }] && SecretName().IsMatch(text));
    }

    [GeneratedRegex("passw|pass($|[-_.0-9]|phrase)|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|connection[-_]?string|(^|[-_.])(pwd|auth|dsn)($|[-_.])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?<name>[\w.-]*((passw|passphrase|pass[-_.0-9]|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|connection[-_]?string)[\w.-]*|pass)[""']?\s*[:=]\s*)[^\s{\[][^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex SecretLine();

    /// <summary>What Helm is given on its command line, which it repeats when it fails.</summary>
    [GeneratedRegex(@"(?<name>--set(-[a-z]+)?[ =][^\s=]+=)\S+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex SetValue();

    [GeneratedRegex(@"(?<scheme>[a-z][a-z0-9+.-]*://)[^/\s@]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"-----BEGIN|://[^/\s:@]+:[^/\s@]+@|\beyJ[\w-]{10,}\.|\b(xox[abprs]-|gh[pousr]_|AKIA)\w{8,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, 1000)]
    private static partial Regex SecretLook();
}
