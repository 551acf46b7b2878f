using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// A body that remembers whether anything of it went out. Until then nothing can have happened at the other end;
/// afterwards a lost answer means that it may have.
/// </summary>
internal sealed class SentContent : HttpContent
{
    private readonly byte[] bytes;

    public SentContent(string json, string mediaType)
    {
        bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    public bool WasSent { get; private set; }

    /// <summary>It writes; a question that is asked with a body does not.</summary>
    public bool Changes { get; init; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        await SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasSent = true;
        await stream.WriteAsync(bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
