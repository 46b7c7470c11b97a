using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Limits;
using DhcpHost.Http.Answers;
using DhcpHost.Testing.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Http.Tests;

/// <summary>A management server over fakes, on a socket in a directory of its own, with a client.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-http-");

    public ServerFixture(Action<ManagementOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        Options = new() { Socket = Path.Combine(_directory.FullName, "api.sock") };
        configure?.Invoke(Options);
        Server = new(
            Options,
            new()
            {
                Engine = Engine,
                Events = Events,
                Plugins = Catalogs,
                Scripts = Catalogs,
                Jobs = Catalogs,
                Limits = () => Limits,
                Version = "1.2.3",
                ConfigPath = "/etc/dhcphost/host.toml",
            },
            NullLoggerFactory.Instance,
            timeProvider ?? TimeProvider.System);
        Client = ClientOf(Options.Socket);
    }

    public ManagementOptions Options { get; }

    public FakeEngine Engine { get; } = new();

    public FakeEventLog Events { get; } = new();

    public FakeCatalogs Catalogs { get; } = new();

    public LimitsOptions Limits { get; set; } = new();

    public ManagementServer Server { get; }

    public HttpClient Client { get; }

    public static HttpClient ClientOf(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    {
        BaseAddress = new("http://dhcphost"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    public static async Task<ServerFixture> StartAsync(Action<ManagementOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        var fixture = new ServerFixture(configure, timeProvider);
        await fixture.Server.StartAsync(TestContext.Current.CancellationToken);
        return fixture;
    }

    public static NetworkStatus StatusOf(string id, NetworkPhase phase = NetworkPhase.Ready) =>
        new() { Id = new(id), Name = $"the {id}", Source = new("files"), Phase = phase, Since = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public static async Task<Problem> ProblemOfAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<Problem>(ModelJson.Options, TestContext.Current.CancellationToken);
        Assert.NotNull(problem);
        Assert.Equal((int)response.StatusCode, problem.Status);
        Assert.NotEmpty(problem.Title);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
