using System.Text;
using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging.Wire;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

public sealed class OsloMessageTests
{
    private static readonly string Deep = new string('[', 100) + new string(']', 100);

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "not JSON, or nested deeper than 64 levels: byte 0 of line 0" },
        { "[]", "the envelope is not an object" },
        { "{}", "no envelope: oslo.version or oslo.message is missing" },
        { """{"method": "x", "args": {}}""", "no envelope: oslo.version or oslo.message is missing" },
        { """{"oslo.version": "3.0", "oslo.message": "{}"}""", "the envelope is of version '3.0', not 2.0" },
        { """{"oslo.version": "2.1", "oslo.message": "{}"}""", "the envelope is of version '2.1', not 2.0" },
        { """{"oslo.version": "\u0007é", "oslo.message": "{}"}""", "the envelope is of version '??', not 2.0" },
        { """{"oslo.version": 2.0, "oslo.message": "{}"}""", "the envelope is of version '', not 2.0" },
        { """{"oslo.version": "2.0", "oslo.message": {}}""", "oslo.message is of type StartObject, not a string" },
        { """{"oslo.version": "2.0", "oslo.message": "{}", "oslo.message": "{}"}""", "the envelope has two messages" },
        { """{"oslo.version": "2.0", "oslo.message": "{}"} x""", "not JSON, or nested deeper than 64 levels: byte 46 of line 0" },
        { """{"oslo.version": "2.0", "oslo.message": "\ud800"}""", "a string is not Unicode" },
        { Envelope("[1]"), "the message is of type Array, not an object" },
        { Envelope("{"), "not JSON, or nested deeper than 64 levels: byte 1 of line 0" },
        { Envelope("{}"), "method is missing" },
        { Envelope("""{"method": 7}"""), "method is of type Number, not a string" },
        { Envelope($$"""{"method": "{{new string('m', 300)}}"}"""), "method has 300 characters" },
        { Envelope("""{"method": "x", "args": []}"""), "args is of type Array, not an object" },
        { Envelope(
            """{"method": "x", "namespace": "evil namespace that has a long name"}"""), "the namespace 'evil namespace that has …' is not the DHCP agent's" },
        { Envelope("""{"method": "x", "version": "2.0"}"""), "the version '2.0' of the interface is not 1.x" },
        { Envelope("""{"method": "x", "_unique_id": ["a"]}"""), "_unique_id is of type Array, not a string" },
        { Envelope("""{"method": "x", "args": {"a": "\\udc00"}}""".Replace("\\\\", "\\", StringComparison.Ordinal)), "a string is not Unicode" },
        { Envelope("""{"method": "x", "args": {"a": NaN}}"""), "not JSON, or nested deeper than 64 levels: byte 30 of line 0" },
        { Envelope($$$"""{"method": "x", "args": {"a": {{{Deep}}} }}"""), "not JSON, or nested deeper than 64 levels: byte 92 of line 0" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_oslo_messaging_would_not_send_is_refused_with_a_reason(string body, string expected)
    {
        var failure = Assert.Throws<MalformedMessageException>(() => OsloCast.Read(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(expected, failure.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Envelope("""{"method": "x""")), 0xC3, 0x28];
        Assert.Equal("not UTF-8", Assert.Throws<MalformedMessageException>(() => OsloCast.Read(body)).Message);
    }

    [Fact]
    public void A_cast_needs_no_more_than_a_method()
    {
        var cast = OsloCast.Read(Encoding.UTF8.GetBytes(Envelope("""{"method": "agent_updated", "args": null, "_unique_id": null}""")));
        Assert.Equal(("agent_updated", "{}", null), (cast.Method, cast.Arguments.GetRawText(), cast.UniqueId));
    }

    [Theory]
    [InlineData("""{"class": "NetworkNotFound_Remote", "message": "m", "tb": ["long"]}""", "NetworkNotFound_Remote: m")]
    [InlineData("""{"class": 7}""", "RemoteError: ")]
    [InlineData("""{"class": "\ud800"}""", "RemoteError: ")]
    [InlineData("not json", "RemoteError: the server's description of it cannot be read")]
    [InlineData("[]", "RemoteError: the server's description of it cannot be read")]
    public void A_failure_is_one_whatever_its_description_is(string failure, string expected)
    {
        var reply = OsloReply.Read(Encoding.UTF8.GetBytes(Envelope(JsonSerializer.Serialize(new { _msg_id = "1", failure, ending = true }))));
        Assert.Equal(expected, reply.Failure!.Message);
    }

    private static string Envelope(string message) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["oslo.version"] = "2.0", ["oslo.message"] = message });
}
