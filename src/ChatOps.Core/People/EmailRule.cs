namespace ChatOps.Core.People;

/// <summary>How a confirmed e-mail address becomes a name in the clusters. Pure.</summary>
/// <param name="Domains">Of the addresses that count, each exactly; none: the rule is off.</param>
/// <param name="KubernetesUser">With <c>{email}</c> for the address and <c>{name}</c> for what stands before its @.</param>
public sealed record EmailRule(IReadOnlyList<string> Domains, string KubernetesUser)
{
    public static EmailRule Off { get; } = new([], "");

    public bool IsOn => Domains.Count > 0;

    /// <summary>Null: the address is of another domain, or nothing that a name can be made of.</summary>
    public string? UserOf(string email)
    {
        var at = email.LastIndexOf('@');
        return at > 0 && Domains.Contains(email[(at + 1)..], StringComparer.OrdinalIgnoreCase) && email[..at].All(letter => char.IsAsciiLetterOrDigit(letter) || ".+-_".Contains(letter, StringComparison.Ordinal))
            ? KubernetesUser.Replace("{email}", email, StringComparison.Ordinal).Replace("{name}", email[..at], StringComparison.Ordinal)
            : null;
    }
}
