using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Storage.Documents;

/// <summary>
/// Encrypts reply handles (bearer secrets that answer in somebody's name for some minutes) with AES-256-GCM under a key
/// that lies beside the store, not in it. Whoever has only the store or a backup reads everything that was said and
/// decided, but no handle; whoever has the key file too reads the handles of deliveries and posts not done yet.
/// </summary>
internal sealed class HandleSeal(byte[] key)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Reads the key, or makes one that only this user can read.</summary>
    public static HandleSeal AtPath(string path)
    {
        if (File.Exists(path))
        {
            var stored = File.ReadAllBytes(path);
            return stored.Length == 32
                ? new(stored)
                : throw new StorageRefusedException($"The key file {path} is {stored.Length} bytes, not 32. Delete it: a new one is made, and private answers that still wait are posted without their handle.");
        }

        var made = RandomNumberGenerator.GetBytes(32);
        var half = path + ".new"; // a crash in between must not leave half a key
        using (var file = PrivateFile.Create(half))
        {
            file.Write(made);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
        return new(made);
    }

    public string? Close(string? handle)
    {
        if (handle is null)
        {
            return null;
        }

        var plain = Encoding.UTF8.GetBytes(handle);
        var box = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize));
        return Convert.ToBase64String(box);
    }

    /// <summary>Null when it was closed under another key: such a handle has long expired.</summary>
    public string? Open(string? closed)
    {
        if (closed is null)
        {
            return null;
        }

        try
        {
            var box = Convert.FromBase64String(closed);
            var plain = new byte[box.Length - NonceSize - TagSize];
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is AuthenticationTagMismatchException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
