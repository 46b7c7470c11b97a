using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Scripting.Policies;

/// <summary>What no answer may be, whatever its script meant. Each method says what is wrong, or nothing.</summary>
internal static class PolicyChecks
{
    private const int MaxPoolSize = 100_000;
    private const int MaxTextLength = 4096;
    private const int MaxOptions = 1024;
    private const int MaxDocumentLength = 64 * 1024; // As Nova's user-data.
    private const int MaxDomainLength = 253; // RFC 1035 section 2.3.4
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(uint.MaxValue - 1); // RFC 2131 section 3.3: all ones is infinity
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(365);

    public static string? PoolSize(PoolSizeContext context, int size) =>
        size is >= 0 and <= MaxPoolSize ? null : $"it answered {size}; a pool has 0 to {MaxPoolSize} workers";

    public static string? AdmitNetwork(AdmitNetworkContext context, AdmitDecision? decision) => decision switch
    {
        null => "it answered null; answer AdmitDecision.Admit or AdmitDecision.Refuse(\"why\")",
        { Reason.Length: > MaxTextLength } => $"its reason has {decision.Reason.Length} characters; it may have {MaxTextLength}",
        _ => null,
    };

    public static string? SelectDriver(SelectDriverContext context, DriverSelection? selection) => selection switch
    {
        null => "it answered null; answer context.Default to change nothing",
        { Interface.Value.Length: 0 } => "its answer names no interface driver",
        { Dhcp.Value.Length: 0 } => "its answer names no DHCP driver",
        { Metadata.Value.Length: 0 } => "its answer names a metadata driver without a name; null means none",
        _ => null,
    };

    public static string? ServerOptions(ServerOptionsContext context, ServerOptions? options) => options switch
    {
        null => "it answered null; answer context.Default to change nothing",
        _ when options.LeaseTime != Timeout.InfiniteTimeSpan && !IsTime(options.LeaseTime) =>
            $"its lease time is {options.LeaseTime}; it must be from 1 second to {MaxTime}, or Timeout.InfiniteTimeSpan",
        { RenewalTime: { } renewal } when !IsTime(renewal) => $"its renewal time is {renewal}; it must be from 1 second to {MaxTime}, or null",
        { RebindingTime: { } rebinding } when !IsTime(rebinding) => $"its rebinding time is {rebinding}; it must be from 1 second to {MaxTime}, or null",
        { RenewalTime: { } renewal, RebindingTime: { } rebinding } when renewal > rebinding =>
            $"its renewal time {renewal} is after its rebinding time {rebinding}",
        { DnsDomain: null } => "its DNS domain is null; empty means none",
        { DnsDomain.Length: > MaxDomainLength } => $"its DNS domain has {options.DnsDomain.Length} characters; a name has at most {MaxDomainLength}",
        { MaxLeases: < 1 } => $"it allows {options.MaxLeases} leases; a server holds at least 1",
        { DhcpOptions.Count: > MaxOptions } => $"it has {options.DhcpOptions.Count} DHCP options; it may have {MaxOptions}",
        _ => null,
    };

    public static string? InstanceMetadata(InstanceMetadataContext context, InstanceMetadata? told) => told switch
    {
        null => "it answered null; answer context.Default to change nothing",
        { InstanceId: null or "" } => "its instance has no id",
        { Hostname: null or "" } => "its instance has no host name",
        { AvailabilityZone: null } or { InstanceType: null } or { PublicKeys: null } or { Meta: null } => "it has a null where an empty value means none",
        { Hostname.Length: > MaxDomainLength } => $"its host name has {told.Hostname.Length} characters; a name has at most {MaxDomainLength}",
        _ when told.PortId != context.Port.Id => $"it speaks of port {told.PortId}, and was asked for {context.Port.Id}",
        { UserData.Length: > MaxDocumentLength } or { VendorData.Length: > MaxDocumentLength } =>
            $"its user-data or vendor-data has more than {MaxDocumentLength} characters",
        _ => null,
    };

    public static string? RetryDelay(RetryDelayContext context, RetryDecision? decision) => decision switch
    {
        null => "it answered null; answer RetryDecision.After(delay) or RetryDecision.Quarantine(\"why\")",
        { Delay: { } delay } when delay < TimeSpan.Zero || delay > MaxDelay => $"its delay is {delay}; it must be from 0 to {MaxDelay.TotalDays} days",
        { Reason.Length: > MaxTextLength } => $"its reason has {decision.Reason.Length} characters; it may have {MaxTextLength}",
        _ => null,
    };

    private static bool IsTime(TimeSpan time) => time >= TimeSpan.FromSeconds(1) && time <= MaxTime;
}
