using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Hosting;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Client;

/// <summary>Talks to the running host over its socket. What goes wrong becomes a <see cref="CliException"/> that says what to do.</summary>
internal sealed class ManagementClient : IDisposable
{
    private readonly string _socket;
    private readonly HttpClient _http;

    public ManagementClient(string socket)
    {
        _socket = socket;
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new("http://dhcphost"),
            // A job may take long; the host has its own limits, and the operator has Ctrl-C.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The answer as text of JSON.</summary>
    public async Task<string> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken, object? body = null)
    {
        using var response = await OpenAsync(method, path, body, cancellationToken);
        return await GuardAsync(() => response.Content.ReadAsStringAsync(cancellationToken), cancellationToken);
    }

    /// <summary>The answer as a value.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => Read<T>(await SendAsync(HttpMethod.Get, path, cancellationToken));

    /// <summary>Reads an answer.</summary>
    public static T Read<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, ModelJson.Options) ?? throw new JsonException("the answer is null");
        }
        catch (JsonException exception)
        {
            throw new CliException(
                ExitCodes.Software,
                $"the host's answer is not understood: {exception.Message}",
                "use the dhcphost of the same version as the running host ('dhcphost status' tells it)");
        }
    }

    /// <summary>The lines of an answer without end, as they come; signs of life are left out.</summary>
    public async IAsyncEnumerable<string> FollowAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(HttpMethod.Get, path, null, cancellationToken);
        using var reader = new StreamReader(await GuardAsync(() => response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken));
        while (await GuardAsync(() => reader.ReadLineAsync(cancellationToken).AsTask(), cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body, ModelJson.Options), System.Text.Encoding.UTF8, "application/json");
        }

        var response = await GuardAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw ErrorOf(response, await GuardAsync(() => response.Content.ReadAsStringAsync(cancellationToken), cancellationToken));
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(_socket, exception);
        }
    }

    /// <summary>Why the host could not be reached, with the cure.</summary>
    public static CliException Unreachable(string path, Exception exception)
    {
        var socket = exception as SocketException ?? exception.InnerException as SocketException ?? exception.GetBaseException() as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AccessDenied => new(
                ExitCodes.NoPermission,
                $"{path}: you may not use the host's socket",
                "run this as root, or let your group use it: management.socket_mode and management.socket_group in host.toml"),
            SocketError.AddressNotAvailable or SocketError.ConnectionRefused => new(
                ExitCodes.Unavailable,
                $"{path}: no host is running",
                "start it with 'systemctl start dhcphost' or 'dhcphost run'; where it has another socket, name it with --socket or --config"),
            SocketError.ConnectionReset or null => new(
                ExitCodes.Unavailable,
                $"{path}: the host ended the connection",
                "it is stopping, or has more connections than management.connections allows: 'dhcphost status' says whether it is there"),
            _ => new(ExitCodes.Unavailable, $"{path}: the host cannot be reached: {socket.Message}", "see whether it runs with 'systemctl status dhcphost'"),
        };
    }

    private static CliException ErrorOf(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problem.MediaType)
        {
            return new(ExitCodes.Failure, $"the host answered {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        var problem = Read<Problem>(body);
        var message = problem.Detail is null ? problem.Title : $"{problem.Title}: {problem.Detail}";
        return new(
            response.StatusCode switch
            {
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCodes.Temporary,
                HttpStatusCode.InternalServerError => ExitCodes.Software,
                _ => ExitCodes.Failure,
            },
            message,
            problem.Cure);
    }
}
