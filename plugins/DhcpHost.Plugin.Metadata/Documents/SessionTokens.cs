using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>
/// The session tokens of EC2's metadata service, version 2: an instance asks for one and shows it afterwards. They say when they end and are
/// signed for the address that asked, so that none has to be remembered; a restart of the host ends all, and instances ask anew.
/// </summary>
internal sealed class SessionTokens(TimeProvider timeProvider)
{
    public const int MaxSeconds = 21_600;
    private const int TimeLength = sizeof(long);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Makes one.</summary>
    public string Create(IPAddress client, int seconds)
    {
        Span<byte> token = stackalloc byte[TimeLength + HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, timeProvider.GetUtcNow().ToUnixTimeSeconds() + seconds);
        Sign(token[..TimeLength], client, token[TimeLength..]);
        return Convert.ToBase64String(token);
    }

    /// <summary>Whether one was made here for the client, and has not ended.</summary>
    public bool IsValid(string text, IPAddress client)
    {
        Span<byte> token = stackalloc byte[TimeLength + HMACSHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(text, token, out var length) || length != token.Length)
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(token[..TimeLength], client, signature);
        return CryptographicOperations.FixedTimeEquals(signature, token[TimeLength..])
            && BinaryPrimitives.ReadInt64BigEndian(token) > timeProvider.GetUtcNow().ToUnixTimeSeconds();
    }

    private void Sign(ReadOnlySpan<byte> time, IPAddress client, Span<byte> signature)
    {
        Span<byte> signed = stackalloc byte[TimeLength + 16];
        time.CopyTo(signed);
        _ = client.TryWriteBytes(signed[TimeLength..], out var length);
        _ = HMACSHA256.HashData(_key, signed[..(TimeLength + length)], signature);
    }
}
