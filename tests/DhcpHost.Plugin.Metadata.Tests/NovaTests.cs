using System.Net;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>Nova's metadata API without neutron-metadata-agent between.</summary>
public sealed class NovaTests : IAsyncLifetime
{
    private const string Secret = "a shared secret";

    private readonly RecordingUpstream _nova = RecordingUpstream.OnPort();
    private MetadataSubject? _subject;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MetadataSubject Subject => _subject!;

    public async ValueTask InitializeAsync() => _subject = await MetadataSubject.CreateAsync(options =>
    {
        (options.Mode, options.NovaMetadataPort, options.MetadataProxySharedSecret) = (MetadataSource.Nova, _nova.Port, Secret);
    });

    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        await _nova.DisposeAsync();
    }

    [Fact]
    public async Task Nova_is_told_which_instance_asks_with_a_signature_that_only_the_secret_makes()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        var answer = await Subject.CurlAsync(instance, Stop, "http://169.254.169.254/openstack/latest/meta_data.json");

        Assert.Equal("instance data", answer.Output);
        var request = Assert.Single(_nova.Requests);
        Assert.Equal("/openstack/latest/meta_data.json", request.Target);
        Assert.Equal(["i7"], request["X-Instance-ID"]);
        Assert.Equal(["project"], request["X-Tenant-ID"]);
        Assert.Equal(["10.77.0.7"], request["X-Forwarded-For"]);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes("i7")));
        Assert.Equal([signature], request["X-Instance-ID-Signature"]);
        Assert.Empty(request["X-Neutron-Network-ID"]);
    }

    [Fact]
    public async Task An_instance_cannot_say_that_it_is_another_one()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop, LabMetadataSubject.Instance(7), LabMetadataSubject.Instance(8));
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        string[] forged =
        [
            "X-Forwarded-For: 10.77.0.8", "X_Forwarded_For: 10.77.0.8", "X-Instance-ID: i8", "x-instance-id: i8", "X_Instance_ID: i8", "X-Tenant-ID: i8",
            "X-Instance-ID-Signature: i8", "X-Metadata-Provider: i8", "X-Neutron-Network-ID: i8", "X-Neutron-Router-ID: i8", "Forwarded: for=i8",
            "X-Real-IP: i8",
        ];

        _ = await Subject.CurlAsync(
            instance, Stop, [.. forged.SelectMany(header => new[] { "-H", header }), "-H", "X-aws-ec2-metadata-token: t", "http://169.254.169.254/x"]);

        var request = Assert.Single(_nova.Requests);
        Assert.Equal(["i7"], request["X-Instance-ID"]);
        Assert.Equal(["10.77.0.7"], request["X-Forwarded-For"]);
        Assert.DoesNotContain(
            request.Headers, header => header.Value.Contains("i8", StringComparison.Ordinal) || header.Value.Contains("10.77.0.8", StringComparison.Ordinal));
        Assert.Equal(["t"], request["X-aws-ec2-metadata-token"]);
    }

    [Fact]
    public async Task Whoever_is_no_instance_of_the_network_or_not_one_alone_is_not_found()
    {
        var twin = LabMetadataSubject.Instance(8) with { Id = new("twin") };
        var plan = await Subject.NewPlanAsync("n1", Stop, LabMetadataSubject.Instance(8), twin, SamplePlans.Port(9));
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        foreach (var number in new[] { 7, 8, 9 })
        {
            Assert.Equal("404", await Subject.StatusAsync(await Subject.NewInstanceAsync(plan, number, Stop), Stop));
        }

        Assert.Empty(_nova.Requests);
    }

    [Fact]
    public async Task A_new_port_is_found_as_soon_as_it_is_applied_and_connections_live_on()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 8, Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        Assert.Equal("404", await Subject.StatusAsync(instance, Stop));

        var changed = plan with { Network = plan.Network with { Ports = [LabMetadataSubject.Instance(7), LabMetadataSubject.Instance(8)] } };
        var result = await Subject.Driver.ApplyAsync(changed, handle, Stop);

        Assert.Equal(ApplyAction.Reloaded, result.Action);
        Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task An_instance_is_found_by_the_MAC_address_in_its_link_local_address()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        await instance.WaitForLinkLocalAsync(Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        _ = await Subject.CurlAsync(instance, Stop, "http://[fe80::a9fe:a9fe%25eth0]/");

        Assert.Equal(["i7"], Assert.Single(_nova.Requests)["X-Instance-ID"]);
    }

    [Theory]
    [InlineData("200 OK", "200")]
    [InlineData("403 Forbidden", "403")]
    [InlineData("404 Not Found", "404")]
    [InlineData("500 Internal Server Error", "500")]
    [InlineData("503 Service Unavailable", "503")]
    public async Task What_Nova_answers_is_the_answer(string answer, string status)
    {
        _nova.Answer = (answer, "text");
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        Assert.Equal(status, await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task Without_Nova_the_answer_is_503()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        await _nova.DisposeAsync();

        Assert.Equal("503", await Subject.StatusAsync(instance, Stop));
    }

    [Theory]
    [InlineData("169.254.169.254", "169.254.169.254")]
    [InlineData("::ffff:10.77.0.7", "10.77.0.7")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("fd77::7", "fd77::7")]
    public void An_address_is_compared_as_ports_have_it(string text, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), Requests.InstanceFinder.Normalize(IPAddress.Parse(text)));

    [Theory]
    [InlineData("fe80::f816:3eff:fe00:7", "fa:16:3e:00:00:07")]
    [InlineData("fe80::a9fe:a9fe", null)]
    public void A_MAC_address_is_read_from_an_interface_identifier(string text, string? expected) =>
        Assert.Equal(expected, Requests.InstanceFinder.MacOf(IPAddress.Parse(text))?.ToString());
}
