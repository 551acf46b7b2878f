using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChatOps.Server.Tests.Web;

/// <summary>A verifier written from the words in timeline.json alone: uses nothing of Core.</summary>
internal static class TimelineJsonReader
{
    public static string Hash(string previous, int incident, JsonElement entry)
    {
        string Of(string name) => entry.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : "";
        string Milliseconds(string name) => entry.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

        string[] fields =
        [
            "1", previous, incident.ToString(CultureInfo.InvariantCulture), Of("number"), Milliseconds("at"), Milliseconds("learnedAt"),
            Of("kind"), Of("by"), Of("text"), Of("subject"),
        ];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(fields.Select(field => $"{field.Length}:{field};")));
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
