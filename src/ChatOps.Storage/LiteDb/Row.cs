using System.Security.Cryptography;
using System.Text;
using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// One stored document: its JSON, the columns that are looked up, and a checksum over all of it, because LiteDB's pages
/// have none and would hand out a flipped byte as data.
/// </summary>
internal static class Row
{
    public const string Body = "body";
    public const string Sum = "sum";
    private const string Id = "_id";

    public static BsonDocument Of(BsonValue id, string body, IEnumerable<KeyValuePair<string, BsonValue>> columns)
    {
        var row = new BsonDocument { [Id] = id, [Body] = body };
        foreach (var (name, value) in columns)
        {
            row[name] = value;
        }

        return Sealed(row);
    }

    public static BsonDocument Sealed(BsonDocument row)
    {
        row[Sum] = SumOf(row);
        return row;
    }

    /// <summary>Throws when the row is not what was written.</summary>
    public static BsonDocument Checked(BsonDocument row, string shelf) =>
        row.TryGetValue(Sum, out var sum) && sum.IsString && sum.AsString == SumOf(row)
            ? row
            : throw new DamagedException($"row {row[Id]} of {shelf} is not what was written");

    /// <summary>Ids are index keys, and LiteDB's have a longest length.</summary>
    public static string Key(string natural) =>
        Encoding.UTF8.GetByteCount(natural) <= 400 ? natural : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(natural)));

    private static string SumOf(BsonDocument row)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in row.OrderBy(column => column.Key, StringComparer.Ordinal))
        {
            if (name != Sum)
            {
                var written = value.IsString ? value.AsString : JsonSerializer.Serialize(value);
                text.Append(name).Append(':').Append(written.Length).Append(':').Append(written).Append(';');
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}

/// <summary>What is in the file is not what was written.</summary>
internal sealed class DamagedException(string what) : Exception(what);
