using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>
/// A DNS server that a DHCP server's own DNS asks. Its text is dnsmasq's (<c>--server</c> in dnsmasq(8)): <c>192.0.2.53</c>,
/// <c>192.0.2.53#5353</c>, <c>2001:db8::53#5353</c>, <c>fe80::1%tap0</c>; the port only where it is not <see cref="DefaultPort"/>.
/// </summary>
/// <remarks>
/// Part of the contract since 1.1. Whatever it holds, its text has no character that a command line or a configuration file could take for another thing.
/// </remarks>
[JsonConverter(typeof(ParsableJsonConverter<DnsForwarder>))]
public sealed record DnsForwarder : IParsable<DnsForwarder>
{
    /// <summary>The port of DNS.</summary>
    public const int DefaultPort = 53;

    private const int MaxDevice = 15; // IFNAMSIZ, with its final zero

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> DeviceCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>A server at an address.</summary>
    /// <param name="address">The address. The number of a device that it may carry means nothing in another namespace, and is left out.</param>
    /// <param name="port">The port, from 1 to 65535.</param>
    /// <param name="device">The interface, in the network's namespace, on whose link a link-local IPv6 address is; empty for none.</param>
    /// <exception cref="ArgumentException">The port is none, or the device is no name of an interface, or none is to be named.</exception>
    public DnsForwarder(IPAddress address, int port = DefaultPort, string device = "")
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, IPEndPoint.MinPort + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        if (device.Length > 0 && !(address.IsIPv6LinkLocal && IsDevice(device)))
        {
            throw new ArgumentException(
                $"A link-local IPv6 address may name an interface of 1 to {MaxDevice} letters, digits, '.', '_' and '-'; "
                    + $"'{device}' is none, or not for {address}.",
                nameof(device));
        }

        Address = address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new(address.GetAddressBytes()) : address;
        (Port, Device) = (port, device);
    }

    /// <summary>Its address.</summary>
    public IPAddress Address { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The interface on whose link it is; empty where its address says enough.</summary>
    public string Device { get; }

    /// <summary>Whether an address is all that there is to say of it.</summary>
    public bool IsPlain => Port == DefaultPort && Device.Length == 0;

    /// <summary>Reads its text.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static DnsForwarder Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException($"'{s}' is not a DNS server: an IP address, with its port where that is not {DefaultPort}, as in 192.0.2.53#5353");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out DnsForwarder result)
    {
        result = null;
        var (host, portText) = Split(s ?? "", '#');
        var (text, device) = Split(host, '%');
        var port = DefaultPort;
        if (portText is not null && !(ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (port = number) > 0))
        {
            return false;
        }

        if (text.AsSpan().ContainsAnyExcept(AddressCharacters) || !IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        // Short and octal forms (10.1, 010.0.0.1) are other addresses to other programs.
        var isWhole = address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text;
        if (!isWhole || (device is not null && !(address.IsIPv6LinkLocal && IsDevice(device))))
        {
            return false;
        }

        result = new(address, port, device ?? "");
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Device.Length == 0 ? Address.ToString() : $"{Address}%{Device}";
        return Port == DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}#{Port}");
    }

    private static bool IsDevice(string text) =>
        text is { Length: > 0 and <= MaxDevice } and not ("." or "..") && !text.AsSpan().ContainsAnyExcept(DeviceCharacters);

    private static (string Before, string? After) Split(string text, char separator) =>
        text.IndexOf(separator) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}
