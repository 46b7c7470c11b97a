using System.ComponentModel.DataAnnotations;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

public sealed class RabbitOptionsTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("SSLv23", true)]
    [InlineData("TLSv1_2", true)]
    [InlineData("TLSv1_3", true)]
    [InlineData("TLSv1", false)]
    [InlineData("TLSv1_2 ", false)]
    public void Versions_of_TLS_are_known_by_name(string version, bool isValid)
    {
        var options = new RabbitOptions { SslVersion = version };

        Assert.Equal(isValid, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }
}
