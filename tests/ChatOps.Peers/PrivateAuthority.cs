using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChatOps.Peers;

/// <summary>A certificate authority that nobody trusts unless told, and one serving certificate for loopback.</summary>
internal sealed class PrivateAuthority : IDisposable
{
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow.AddHours(-1);
    private readonly DateTimeOffset end = DateTimeOffset.UtcNow.AddDays(7);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public PrivateAuthority()
    {
        var request = new CertificateRequest("CN=chatops-tests-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Certificate = request.CreateSelfSigned(start, end);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Writes serving.crt, serving.key, ca.crt and service-accounts.key into a folder.</summary>
    public void WriteTo(string folder)
    {
        using var serving = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", serving, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.Create(Certificate, start, end, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "serving.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "serving.key"), serving.ExportECPrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.crt"), Certificate.ExportCertificatePem());
        using var tokens = RSA.Create(2048);
        File.WriteAllText(Path.Combine(folder, "service-accounts.key"), tokens.ExportRSAPrivateKeyPem());
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
