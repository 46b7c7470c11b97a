using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron;

/// <summary>Maps a port.</summary>
/// <remarks>
/// A client identifier stays one of the extra options, as Neutron has it. The keys <c>dns_name</c> and <c>dns_domain</c> are not read: Neutron's agent
/// names hosts by <c>dns_assignment</c>, which its server makes of them, or else by their addresses.
/// </remarks>
internal static class PortMapping
{
    public static Port Read(JsonPart json) => new()
    {
        Id = json.Require("id").As<PortId>("a port id"),
        Name = json.Find("name")?.AsText() ?? "",
        MacAddress = json.Require("mac_address").As<MacAddress>("a MAC address"),
        FixedIps = json.Map("fixed_ips", ReadFixedIp),
        DeviceOwner = json.Find("device_owner")?.AsSharedText() ?? "",
        DeviceId = json.Find("device_id")?.AsText() ?? "",
        AdminStateUp = json.Find("admin_state_up")?.AsFlag() ?? true,
        Status = json.Find("status")?.AsSharedText() ?? "",
        HostId = json.Find("binding:host_id")?.AsSharedText() is { Length: > 0 } host ? host : null,
        DnsAssignments = json.Map("dns_assignment", ReadName),
        ExtraDhcpOptions = json.Map("extra_dhcp_opts", ReadOption),
        ProjectId = NeutronMapping.ReadProject(json),
        RevisionNumber = NeutronMapping.ReadRevision(json),
    };

    private static FixedIp ReadFixedIp(JsonPart json) =>
        new(json.Require("subnet_id").AsShared<SubnetId>("a subnet id"), json.Require("ip_address").AsAddress());

    private static DnsAssignment ReadName(JsonPart json) =>
        new(json.Require("hostname").AsText(), json.Require("fqdn").AsText(), json.Require("ip_address").AsAddress());

    private static ExtraDhcpOption ReadOption(JsonPart json)
    {
        var version = json.Find("ip_version");
        return new(json.Require("opt_name").AsTextOrNumber(), json.Find("opt_value")?.AsText(), version?.AsCount() switch
        {
            null or 4 => 4,
            6 => 6,
            var other => throw version.Fault($"{other} is neither 4 nor 6"),
        });
    }
}
