using System.Buffers.Binary;
using DhcpHost.Dhcp.V4;

namespace DhcpHost.Dhcp.Tests.V4;

/// <summary>Messages as they are on the wire: octet by octet, not by the codec's other half.</summary>
public sealed class Dhcpv4CodecTests
{
    private const int File = 108;
    private const int SName = 44;

    [Fact]
    public void An_option_that_is_sent_in_parts_is_one_value()
    {
        var value = Read(Message([53, 1, 1, 61, 2, 1, 2, 0, 0, 55, 1, 3, 61, 3, 3, 4, 5, 255]), 61);

        Assert.Equal([1, 2, 3, 4, 5], value!);
    }

    [Fact]
    public void Options_go_on_in_the_fields_for_names_where_the_message_says_so()
    {
        var message = Message([53, 1, 1, 52, 1, 3, 61, 1, 7, 255]);
        ((ReadOnlySpan<byte>)[61, 1, 8, 12, 1, 65, 255]).CopyTo(message.AsSpan(File));
        ((ReadOnlySpan<byte>)[61, 1, 9, 255]).CopyTo(message.AsSpan(SName));

        // RFC 3396 section 5: the options field, then file, then sname.
        Assert.Equal([7, 8, 9], Read(message, 61)!);
        Assert.Equal([65], Read(message, 12)!);
    }

    [Fact]
    public void Names_are_no_options_where_the_message_does_not_say_so()
    {
        var message = Message([53, 1, 1, 255]);
        ((ReadOnlySpan<byte>)[12, 1, 65, 255]).CopyTo(message.AsSpan(File));

        Assert.Null(Read(message, 12));
    }

    [Fact]
    public void What_comes_after_the_end_is_nothing()
    {
        Assert.Null(Read(Message([53, 1, 1, 255, 12, 1, 65]), 12));
    }

    [Theory]
    [InlineData(53, 1, 1, 12, 5, 65)]
    [InlineData(53, 1, 1, 12)]
    [InlineData(53, 1, 1, 52, 1, 9, 255)]
    [InlineData(53, 1, 1, 52, 2, 1, 1, 255)]
    public void A_message_with_an_option_that_is_not_whole_is_none(params int[] options)
    {
        var message = Message([.. options.Select(octet => (byte)octet)], pads: false);

        Assert.False(Dhcpv4Reader.TryRead(message, new byte[Dhcpv4Reader.WorkspaceSize], out _));
    }

    [Fact]
    public void A_message_without_the_cookie_or_with_too_long_a_hardware_address_is_none()
    {
        var strange = Message([53, 1, 1, 255]);
        strange[236] = 0;
        var wide = Message([53, 1, 1, 255]);
        wide[2] = 17;

        Assert.False(Dhcpv4Reader.TryRead(strange, new byte[Dhcpv4Reader.WorkspaceSize], out _));
        Assert.False(Dhcpv4Reader.TryRead(wide, new byte[Dhcpv4Reader.WorkspaceSize], out _));
    }

    [Fact]
    public void A_value_of_more_than_255_octets_is_sent_in_parts()
    {
        var value = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        var buffer = new byte[1500];
        Span<byte> header = stackalloc byte[SName];
        header.Clear();
        (header[1], header[2]) = (1, 6);
        var writer = new Dhcpv4Writer(buffer, 2, header, buffer.Length);
        Assert.True(writer.TryAdd(53, (byte)2));
        Assert.True(writer.TryAdd(121, value));
        var message = buffer.AsSpan(0, writer.Finish());

        Assert.Equal([53, 1, 2, 121, 255], message[240..245].ToArray());
        Assert.Equal([121, 45], message[(245 + 255)..][..2].ToArray());
        Assert.Equal(value, Read(message, 121)!);
    }

    private static byte[] Message(byte[] options, bool pads = true)
    {
        var message = new byte[pads ? 300 : 240 + options.Length];
        (message[0], message[1], message[2]) = (1, 1, 6);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        options.CopyTo(message.AsSpan(240));
        return message;
    }

    private static byte[]? Read(ReadOnlySpan<byte> message, byte code)
    {
        Assert.True(Dhcpv4Reader.TryRead(message, new byte[Dhcpv4Reader.WorkspaceSize], out var reader));
        return reader.TryGet(code, out var value) ? value.ToArray() : null;
    }
}
