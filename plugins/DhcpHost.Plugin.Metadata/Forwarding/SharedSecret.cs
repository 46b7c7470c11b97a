using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>Signs instance ids, so that Nova knows that they come from somebody who knows the secret.</summary>
internal sealed class SharedSecret
{
    private readonly byte[] _key;

    public SharedSecret(string text) => _key = Encoding.UTF8.GetBytes(text);

    /// <summary>Takes it from wherever the options say.</summary>
    /// <exception cref="DhcpHostException">It is not there, or empty.</exception>
    public static SharedSecret Read(MetadataOptions options)
    {
        var (text, place) = options switch
        {
            { MetadataProxySharedSecretFile: { Length: > 0 } path } => (ReadFile(path), path),
            { MetadataProxySharedSecretEnv: { Length: > 0 } name } => (Environment.GetEnvironmentVariable(name) ?? "", $"the environment variable {name}"),
            _ => (options.MetadataProxySharedSecret, "drivers.metadata.metadata_proxy_shared_secret"),
        };
        return text.Length > 0
            ? new(text)
            : throw new DhcpHostException(FailureKind.Invalid, $"The secret that instance ids are signed with is not in {place}.");
    }

    /// <summary>HMAC-SHA256 in lower-case hex digits.</summary>
    public string Sign(string instanceId) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(instanceId)));

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DhcpHostException(FailureKind.Invalid, $"The secret that instance ids are signed with cannot be read: {e.Message}", e);
        }
    }
}
