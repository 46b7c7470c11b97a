using System.Globalization;
using System.Text;

namespace DhcpHost.Plugin.Files.Tests;

/// <summary>Files of networks.</summary>
internal static class Samples
{
    /// <summary>Every key that there is.</summary>
    public const string Whole = """
        id = "lab"
        name = "The lab"
        admin_state_up = true
        bridge = "br-lab"
        mtu = 1450
        dns_domain = "lab.example.org"
        lease_time = "12h"
        dhcp_driver = "dnsmasq"
        interface_driver = "bridge"
        metadata = "off"
        labels = { site = "north", "rack/row" = "7" }
        options = { ntp-server = ["10.0.0.1", "10.0.0.2"], 150 = "10.0.0.9", 26 = 1450 }
        options6 = { 31 = "2001:db8::123" }

        [boot]
        next_server = "10.0.0.5"
        server_name = "boot.example.org"
        file_name = "pxelinux.0"
        [[boot.rules]]
        client_architecture = 7
        file_name = "grubx64.efi"
        [[boot.rules]]
        user_class = "iPXE"
        file_name = "http://10.0.0.5/boot.ipxe"

        [[subnets]]
        id = "v4"
        name = "first"
        cidr = "10.0.0.0/24"
        gateway = "10.0.0.1"
        server_address = "10.0.0.2"
        dns_servers = ["10.0.0.3", "9.9.9.9"]
        routes = [{ destination = "10.9.0.0/16", next_hop = "10.0.0.254" }]
        pools = [
          { start = "10.0.0.100", end = "10.0.0.149" },
          { start = "10.0.0.200", end = "10.0.0.219" },
        ]
        lease_time = "infinite"
        options = { 42 = "10.0.0.4" }

        [[subnets]]
        cidr = "2001:db8::/64"
        ipv6_mode = "stateful"
        router_advertisements = false
        pools = [{ start = "2001:db8::1000", end = "2001:db8::1fff" }]

        [[reservations]]
        name = "first machine"
        mac = "fa:16:3e:00:00:01"
        client_id = "01:fa:16:3e:00:00:01"
        duid = "00:01:00:01:2A:BB:CC:DD:fa:16:3e:00:00:01"
        addresses = ["10.0.0.10", "2001:db8::10"]
        hostname = "one"
        options = { bootfile-name = "special.0" }
        options6 = { 59 = "http://10.0.0.5/x" }

        [[reservations]]
        id = "second"
        client_id = "printer"
        admin_state_up = false
        addresses = ["10.0.0.11"]
        """;

    /// <summary>A network with one subnet and reservations from .0.10 on.</summary>
    public static string Reservations(int count, string bridge = "br-lab", int changed = -1)
    {
        var text = new StringBuilder($"bridge = \"{bridge}\"\n\n[[subnets]]\ncidr = \"10.20.0.0/16\"\ngateway = \"10.20.255.254\"\n");
        for (var i = 0; i < count; i++)
        {
            var hostname = i == changed ? $"changed-{i}" : $"host-{i}";
            text.Append(CultureInfo.InvariantCulture, $"""

                [[reservations]]
                mac = "fa:16:3e:00:{i / 256:x2}:{i % 256:x2}"
                addresses = ["10.20.{(i + 10) / 250}.{((i + 10) % 250) + 1}"]
                hostname = "{hostname}"
                options = {"{"} ntp-server = "10.20.255.253" {"}"}

                """);
        }

        return text.ToString();
    }
}
