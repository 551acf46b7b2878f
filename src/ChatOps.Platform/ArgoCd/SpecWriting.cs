using System.Security.Cryptography;
using System.Text;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Whether somebody wrote into a spec, told by the metadata alone: who owns which of its fields, and since when. The
/// controller's own entry is counted without its time, because it writes the status all day.
/// </summary>
internal static class SpecWriting
{
    /// <summary>Null where the API server tells of no writers.</summary>
    public static string? Of(ApplicationJson application)
    {
        var text = new StringBuilder();
        foreach (var entry in application.Raw.Items("metadata", "managedFields"))
        {
            var fields = entry.At("fieldsV1");
            if (fields.At("f:spec") is { IsAbsent: false } spec)
            {
                text.Append(entry.Text("manager")).Append(' ').Append(entry.Text("operation")).Append(' ')
                    .Append(fields.At("f:status").IsAbsent ? entry.Text("time") : "").Append(' ').Append(CanonicalJson.Of(spec)).Append('\n');
            }
        }

        return text.Length == 0
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Append(application.Uid).Append(' ').Append(application.Annotation(Annotations.SkipReconcile)).ToString())).AsSpan(0, 16));
    }
}
