using DhcpHost.Abstractions.Failures;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>What kind of failure an exception of Neutron's server is (neutron-lib, <c>exceptions/__init__.py</c>).</summary>
internal static class RemoteFailures
{
    private const int LongestMessage = 500;

    public static DhcpHostException Translate(string method, RpcRemoteException exception)
    {
        var text = exception.Message.ReplaceLineEndings(" ");
        return new(
            KindOf(exception.ErrorType),
            $"Neutron's server refused {method}: {(text.Length > LongestMessage ? text[..LongestMessage] + "…" : text)}",
            exception);
    }

    public static FailureKind KindOf(string errorType) => errorType switch
    {
        // No address is left, or none that fits; a subnet's change or a deleted port cures it, and both are told.
        _ when errorType.StartsWith("IpAddressGenerationFailure", StringComparison.Ordinal) => FailureKind.Exhausted,
        "IpAddressNotAllocable" or "NoMoreIpAvailable" or "OverQuota" => FailureKind.Exhausted,

        // Deleted, or taken from this host.
        "NetworkNotFound" => FailureKind.Gone,

        // The network changed under the work.
        "SubnetMismatchForPort" or "SubnetNotFound" or "PortNotFound" or "InvalidInput" or "InvalidIpForNetwork" or "InvalidIpForSubnet"
            or "IpAddressInUse" or "IpAddressAlreadyAllocated" or "Conflict" or "DBReferenceError" or "DBDuplicateEntry" => FailureKind.Conflict,
        _ => FailureKind.Transient,
    };
}
