using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Neutron;

/// <summary>JSON is not what Neutron sends. The message says where and what: <c>fixed_ips[0].ip_address: 'x' is not an IP address</c>.</summary>
public sealed class NeutronFormatException : DhcpHostException
{
    /// <summary>Says what is wrong with the value at a path.</summary>
    /// <param name="path">The path from the outermost object: <c>ports[3].fixed_ips[0].ip_address</c>; empty for that object itself.</param>
    /// <param name="reason">What is wrong with it.</param>
    public NeutronFormatException(string path, string reason)
        : base(FailureKind.Invalid, path.Length == 0 ? reason : $"{path}: {reason}")
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }

    /// <summary>As a part that is left out while the rest is served.</summary>
    public Refusal ToRefusal() => new(Path, Reason);
}
