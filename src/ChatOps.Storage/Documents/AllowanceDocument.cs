using ChatOps.Core.Grants;

namespace ChatOps.Storage.Documents;

internal sealed record AllowanceDocument(int Version, string Of, IReadOnlyList<Guid> Grants, int Saves) : IDocument
{
    public static AllowanceDocument From(Allowance allowance, int saves) => new(DocumentJson.Current, allowance.Of, allowance.Grants, saves);

    public Allowance ToAllowance() => new(Of, Grants) { Version = Saves };
}
