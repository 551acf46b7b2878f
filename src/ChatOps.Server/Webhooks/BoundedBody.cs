namespace ChatOps.Server.Webhooks;

/// <summary>What a webhook sent, read whole or not at all.</summary>
internal static class BoundedBody
{
    private const int Chunk = 65536;

    /// <summary>Null when there is more than <paramref name="mostBytes"/>, and then the rest is never read.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int mostBytes, CancellationToken ct)
    {
        if (request.ContentLength > mostBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var chunk = new byte[Chunk];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (body.Length + read > mostBytes)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }
}
