using System.Net.Http.Headers;
using k8s.Authentication;

namespace ChatOps.Platform.Kubernetes;

/// <summary>A token in a file, read at every request: the kubelet and secret stores replace it while we run.</summary>
internal sealed class FileToken(string path) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken)).Trim());
}
