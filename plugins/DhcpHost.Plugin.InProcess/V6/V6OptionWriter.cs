using System.Buffers.Binary;
using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>Writes the options that a client asked for: its port's own before its subnet's before the network's, one of each code.</summary>
internal static class V6OptionWriter
{
    private const int MaxOptions = 64;

    public static void Write(V6Model model, in V6Client client, V6Subnet? subnet, ref Dhcpv6Writer writer)
    {
        Span<ushort> written = stackalloc ushort[MaxOptions];
        var count = 0;
        var hasRequests = client.Message.Options.TryFind(Dhcpv6OptionCode.OptionRequest, out var requests);
        if (client.Reservation is { } reservation)
        {
            WriteAll(reservation.Options, client, hasRequests, requests, written, ref count, ref writer);
        }

        if (subnet is not null)
        {
            WriteAll(subnet.Options, client, hasRequests, requests, written, ref count, ref writer);
        }
        else
        {
            foreach (var candidate in model.Subnets)
            {
                if (client.Reaches(candidate))
                {
                    WriteAll(candidate.Options, client, hasRequests, requests, written, ref count, ref writer);
                }
            }
        }

        WriteAll(model.Options, client, hasRequests, requests, written, ref count, ref writer);
        WriteName(client, ref writer);
    }

    private static void WriteAll(
        IReadOnlyList<V6Option> options,
        in V6Client client,
        bool hasRequests,
        ReadOnlySpan<byte> requests,
        scoped Span<ushort> written,
        ref int count,
        ref Dhcpv6Writer writer)
    {
        // Of equal options the later one counts, as in dnsmasq.
        for (var i = options.Count - 1; i >= 0; i--)
        {
            var option = options[i];
            var code = (ushort)option.Code;
            if (count < written.Length && !written[..count].Contains(code) && (!hasRequests || IsRequested(requests, code)) && Has(client, option))
            {
                written[count++] = code;
                if (option.Data.Length > 0)
                {
                    writer.WriteOption(option.Code, option.Data);
                }
            }
        }
    }

    private static bool Has(in V6Client client, V6Option option)
    {
        foreach (var tag in option.Tags)
        {
            if (!client.Has(tag))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRequested(ReadOnlySpan<byte> requests, ushort code)
    {
        for (var rest = requests; rest.Length >= 2; rest = rest[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == code)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The client's name, where it speaks of names (RFC 4704): nobody but whoever runs the zone updates it.</summary>
    private static void WriteName(in V6Client client, ref Dhcpv6Writer writer)
    {
        const byte noUpdate = 0x04;
        if (client.Reservation is { Fqdn.Length: > 0 } reservation && client.Message.Options.Contains(Dhcpv6OptionCode.ClientFqdn)
            && V6OptionEncoder.Domains(reservation.Fqdn) is { } name)
        {
            var start = writer.BeginOption(Dhcpv6OptionCode.ClientFqdn);
            writer.WriteBytes([noUpdate]);
            writer.WriteBytes(name);
            writer.EndOption(start);
        }
    }
}
