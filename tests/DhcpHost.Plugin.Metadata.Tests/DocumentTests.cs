using System.Net;
using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Metadata.Documents;
using DhcpHost.Testing.Lab;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>Documents of the driver's own, read by real clients: curl, and cloud-init's data sources.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.org";
    private const string Python = "/usr/bin/python3";

    private MetadataSubject? _subject;
    private MetadataPlan? _plan;
    private LabStation? _instance;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MetadataSubject Subject => _subject!;

    private string Root => Path.Combine(Subject.Home, "documents");

    public async ValueTask InitializeAsync()
    {
        _subject = await MetadataSubject.CreateAsync(options => options.Mode = MetadataSource.Documents);
        var told = InstanceMetadata.Of(LabMetadataSubject.Instance(7)) with
        {
            Hostname = "web1.example.org",
            PublicKeys = new([new("admin", Key)]),
            Meta = new([new("role", "web")]),
            UserData = "#cloud-config\npackages: [git]\n",
            VendorData = """{"cloud-init": "#cloud-config\ntimezone: UTC\n"}""",
        };
        _plan = await Subject.NewPlanAsync("n1", Stop, LabMetadataSubject.Instance(7), LabMetadataSubject.Instance(8)) with { Instances = [told] };
        _instance = await Subject.NewInstanceAsync(_plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(_plan, null, Stop);
    }

    public async ValueTask DisposeAsync() => await Subject.DisposeAsync();

    [Fact]
    public async Task Cloud_inits_OpenStack_data_source_reads_all_of_it()
    {
        var found = await RunCloudInitAsync("""
            from cloudinit.sources import DataSourceOpenStack as module
            source = module.DataSourceOpenStack({}, distro, paths)
            source.metadata_address = "http://169.254.169.254"
            result = source._crawl_metadata()
            from cloudinit.sources.helpers import openstack
            found = {
                "version": result["version"], "hostname": result["metadata"]["hostname"], "id": result["metadata"]["instance-id"],
                "keys": result["metadata"]["public_keys"], "userdata": result["userdata"].decode(), "vendordata": result["vendordata"],
                "role": result["metadata"]["role"] if "role" in result["metadata"] else result["metadata"].get("meta", {}).get("role"),
                "links": [link["ethernet_mac_address"] for link in result["networkdata"]["links"]],
                "config": openstack.convert_net_json(result["networkdata"], known_macs={"fa:16:3e:00:00:07": "eth0"}),
            }
            """);

        Assert.Equal(2, found.GetProperty("version").GetInt32());
        Assert.Equal("web1.example.org", found.GetProperty("hostname").GetString());
        Assert.Equal("i7", found.GetProperty("id").GetString());
        Assert.Contains(Key, found.GetProperty("keys").ToString(), StringComparison.Ordinal);
        Assert.Equal("#cloud-config\npackages: [git]\n", found.GetProperty("userdata").GetString());
        Assert.Contains("timezone", found.GetProperty("vendordata").ToString(), StringComparison.Ordinal);
        Assert.Equal("web", found.GetProperty("role").GetString());
        Assert.Equal("fa:16:3e:00:00:07", found.GetProperty("links")[0].GetString());
        Assert.Contains("dhcp4", found.GetProperty("config").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloud_inits_EC2_data_source_reads_all_of_it_with_a_session_token()
    {
        var found = await RunCloudInitAsync("""
            from cloudinit.sources import DataSourceEc2 as module
            source = module.DataSourceEc2({}, distro, paths)
            source.metadata_address = "http://169.254.169.254"
            source._cloud_name = module.CloudNames.AWS
            result = source.crawl_metadata()
            found = {
                "version": source.get_metadata_api_version(), "metadata": result["meta-data"], "userdata": result["user-data"].decode(),
                "token": source._api_token,
            }
            """);

        var metadata = found.GetProperty("metadata");
        Assert.Equal("i7", metadata.GetProperty("instance-id").GetString());
        Assert.Equal("web1.example.org", metadata.GetProperty("local-hostname").GetString());
        Assert.Equal("10.77.0.7", metadata.GetProperty("local-ipv4").GetString());
        Assert.Equal("nova", metadata.GetProperty("placement").GetProperty("availability-zone").GetString());
        Assert.Contains(Key, metadata.GetProperty("public-keys").ToString(), StringComparison.Ordinal);
        Assert.Equal("10.77.0.0/24", metadata.GetProperty("network")
            .GetProperty("interfaces")
            .GetProperty("macs")
            .GetProperty("fa:16:3e:00:00:07")
            .GetProperty("subnet-ipv4-cidr-block")
            .GetString());
        Assert.Equal("#cloud-config\npackages: [git]\n", found.GetProperty("userdata").GetString());
        Assert.NotEmpty(found.GetProperty("token").GetString()!);
    }

    [Fact]
    public async Task Files_go_before_the_policy_the_nearest_first_and_are_read_anew_each_time()
    {
        Assert.Equal("#cloud-config\npackages: [git]\n", await GetAsync("latest/user-data"));

        await WriteAsync("user-data", "of all");
        Assert.Equal("of all", await GetAsync("latest/user-data"));
        await WriteAsync("n1/user-data", "of the network");
        Assert.Equal("of the network", await GetAsync("openstack/latest/user_data"));
        await WriteAsync("n1/i7/user-data", "of the instance");
        Assert.Equal("of the instance", await GetAsync("latest/user-data"));
        await WriteAsync("n1/p7/user-data", "of the port");
        await WriteAsync("n1/p7/meta-data.json", """{ "hostname": "db1", "public_keys": { "ops": "ssh-rsa BBBB" } }""");
        await WriteAsync("n1/vendor-data2.json", """{ "static": { "cloud-init": "x" } }""");

        Assert.Equal("of the port", await GetAsync("latest/user-data"));
        Assert.Equal("db1", await GetAsync("latest/meta-data/hostname"));
        Assert.Equal("ssh-rsa BBBB", await GetAsync("latest/meta-data/public-keys/0/openssh-key"));
        Assert.Equal("""{ "static": { "cloud-init": "x" } }""", await GetAsync("openstack/latest/vendor_data2.json"));
    }

    [Fact]
    public async Task A_file_that_is_wrong_or_too_large_is_an_error_and_no_half_document()
    {
        await WriteAsync("n1/meta-data.json", """{ "hostnam": "typo" }""");
        Assert.Equal("500", await StatusAsync("latest/meta-data/hostname"));
        File.Delete(Path.Combine(Root, "n1/meta-data.json"));
        await WriteAsync("n1/user-data", new string('x', 2 << 20));
        Assert.Equal("500", await StatusAsync("latest/user-data"));
    }

    [Fact]
    public async Task A_port_without_words_of_its_own_says_what_it_is()
    {
        var bare = await Subject.NewInstanceAsync(_plan!, 8, Stop);

        Assert.Equal("i8", (await Subject.CurlAsync(bare, Stop, "http://169.254.169.254/latest/meta-data/instance-id")).Output);
        Assert.Equal("host-10-77-0-8", (await Subject.CurlAsync(bare, Stop, "http://169.254.169.254/latest/meta-data/hostname")).Output);
        Assert.Equal("404", await Subject.StatusAsync(await Subject.NewInstanceAsync(_plan!, 9, Stop), Stop));
    }

    [Theory]
    [InlineData("latest/meta-data/nothing")]
    [InlineData("1999-01-01/meta-data/hostname")]
    [InlineData("latest/meta-data/hostname/below")]
    [InlineData("latest/meta-data/public-keys/7/openssh-key")]
    [InlineData("openstack/latest/password")]
    [InlineData("%2e%2e/%2e%2e/etc/passwd")]
    public async Task What_is_not_there_is_not_found(string path) => Assert.Equal("404", await StatusAsync(path));

    [Fact]
    public async Task Documents_are_read_only_and_wrong_tokens_are_refused()
    {
        Assert.Equal("405", await StatusAsync("latest/user-data", "-d", "x"));
        Assert.Equal("401", await StatusAsync("latest/meta-data/hostname", "-H", "X-aws-ec2-metadata-token: d3Jvbmc="));
        Assert.Equal("400", await StatusAsync("latest/api/token", "-X", "PUT"));
        Assert.Equal(
            "403", await StatusAsync("latest/api/token", "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", "-H", "X-Forwarded-For: 1.2.3.4"));
        var token = (await Subject.CurlAsync(
            _instance!, Stop, "-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", "http://169.254.169.254/latest/api/token")).Output;
        Assert.Equal("200", await StatusAsync("latest/meta-data/hostname", "-H", $"X-aws-ec2-metadata-token: {token}"));
    }

    [Fact]
    public void A_token_is_its_clients_alone_and_ends()
    {
        var time = new FakeTimeProvider();
        var tokens = new SessionTokens(time);
        var (one, other) = (IPAddress.Parse("10.77.0.7"), IPAddress.Parse("10.77.0.8"));
        var token = tokens.Create(one, 60);

        Assert.True(tokens.IsValid(token, one));
        Assert.False(tokens.IsValid(token, other));
        Assert.False(tokens.IsValid("", one));
        Assert.False(tokens.IsValid(Convert.ToBase64String(Encoding.UTF8.GetBytes(token)), one));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(tokens.IsValid(token, one));
    }

    [Fact]
    public async Task A_device_id_leads_to_no_file_elsewhere()
    {
        var hostile = LabMetadataSubject.Instance(7) with { DeviceId = "../../outside" };
        await File.WriteAllTextAsync(Path.Combine(Subject.Home, "outside"), "x", Stop);
        _ = Directory.CreateDirectory(Path.Combine(Root, "n1"));
        var files = new DocumentFiles(Root, 1 << 20);

        var read = await files.ReadAsync(new Network { Id = new("n1") }, hostile, InstanceMetadata.Of(hostile), Stop);

        Assert.Null(read.UserData);
    }

    private async Task<JsonElement> RunCloudInitAsync(string body)
    {
        var script = Path.Combine(Subject.Home, "read.py");
        await File.WriteAllTextAsync(script, $"""
            import json, logging
            from cloudinit import distros, helpers
            paths = helpers.Paths(dict(cloud_dir="{Subject.Home}/cloud", run_dir="{Subject.Home}/run"))
            distro = distros.fetch("debian")("debian", dict(), paths)
            {body}
            print(json.dumps(found, default=str))
            """, Stop);
        var result = await Subject.Lab.Spawner.RunToEndAsync(_instance!.Namespace, new SpawnSpec(Python, [script]), TimeSpan.FromMinutes(2), 1 << 20, Stop);
        Assert.True(result.IsSuccess, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task<string> GetAsync(string path) => (await Subject.CurlAsync(_instance!, Stop, "-f", $"http://169.254.169.254/{path}")).Output;

    private async Task<string> StatusAsync(string path, params string[] arguments) =>
        (await Subject.CurlAsync(_instance!, Stop, ["-o", "/dev/null", "-w", "%{http_code}", .. arguments, $"http://169.254.169.254/{path}"])).Output;

    private async Task WriteAsync(string path, string text)
    {
        var file = Path.Combine(Root, path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, Stop);
    }
}
