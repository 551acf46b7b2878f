using System.Security.Cryptography;

namespace ChatOps.Core.Conversation;

/// <summary>Opaque tokens for buttons and dialogs: 128 random bits.</summary>
public static class Tokens
{
    public static string Next() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
