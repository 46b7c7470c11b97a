using System.Text;
using System.Text.Json;
using DhcpHost.Plugin.Dnsmasq.Server;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

public sealed class StateJsonTests
{
    private static readonly JsonSerializerOptions Serializer = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly AppliedState State = new()
    {
        Identity = new(4711, ulong.MaxValue, "b00t", "--pid-file=/run/\"n1\"+ä"),
        BinaryVersion = "2.90",
        Hosts = "h",
        AddnHosts = "a",
        Opts = "o",
        HasTaggedHosts = true,
        GivesEndlessLeases = false,
        Namespace = "qdhcp-n1",
        Device = "ns-1",
        Addresses = ["10.0.0.2", "2001:db8::2"],
    };

    [Fact]
    public void What_is_applied_is_written_as_a_serializer_would() =>
        Assert.Equal(JsonSerializer.Serialize(State, Serializer), Encoding.UTF8.GetString(StateJson.Write(State)));

    [Fact]
    public void What_is_applied_is_read_as_it_was_written()
    {
        var read = StateJson.ReadApplied(Encoding.UTF8.GetString(StateJson.Write(State)));
        Assert.NotNull(read);
        Assert.Equal(State.Addresses, read.Addresses);
        Assert.Equal(State, read with { Addresses = State.Addresses });
    }

    [Fact]
    public void What_another_version_applied_reads_as_nothing() =>
        Assert.Null(StateJson.ReadApplied(Encoding.UTF8.GetString(StateJson.Write(State with { Version = 2 }))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"1"}""")]
    public void Text_that_says_nothing_of_what_is_applied_reads_as_nothing(string? text) => Assert.Null(StateJson.ReadApplied(text));

    [Theory]
    [InlineData("\"hosts\":\"h\"", "\"hosts\":null")]
    [InlineData("\"hosts\":\"h\",", "")]
    [InlineData("\"pid\":4711", "\"pid\":4711000000000")]
    [InlineData("\"has_tagged_hosts\":true", "\"has_tagged_hosts\":1")]
    [InlineData("\"identity\":{", "\"identity\":null,\"x\":{")]
    public void One_member_that_is_wrong_spoils_what_is_applied(string right, string wrong)
    {
        var text = Encoding.UTF8.GetString(StateJson.Write(State));
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Null(StateJson.ReadApplied(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_handle_is_written_as_a_serializer_would_and_read_again()
    {
        foreach (var handle in new HandleState[] { new(State.Identity), new(null) })
        {
            var text = StateJson.Write(handle);
            Assert.Equal(JsonSerializer.Serialize(handle, Serializer), text);
            Assert.Equal(handle, StateJson.ReadHandle(text));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"identity":7}""")]
    [InlineData("""{"identity":{"pid":1}}""")]
    public void Text_that_is_no_handle_reads_as_nothing(string text) => Assert.Null(StateJson.ReadHandle(text));
}
