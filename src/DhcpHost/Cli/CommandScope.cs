using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;
using DhcpHost.Http;
using DhcpHost.Plugins;
using DhcpHost.Toml;

namespace DhcpHost.Cli;

/// <summary>One run of a command: its arguments, its output, and the way to the host.</summary>
internal sealed class CommandScope : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new(ModelJson.Options) { WriteIndented = true };

    // As installed, and as built.
    private static readonly string[] BesideProgram = ["plugins", "../../../plugins"];

    private readonly ParseResult _arguments;
    private ManagementClient? _client;

    public CommandScope(CliEnvironment environment, ParseResult arguments)
    {
        Environment = environment;
        _arguments = arguments;
        Console = new(environment, !arguments.GetValue(GlobalOptions.NoColor) && string.IsNullOrEmpty(environment.Variable("NO_COLOR")));
    }

    public CliEnvironment Environment { get; }

    public CliConsole Console { get; }

    /// <summary>Whether the answer is to be JSON.</summary>
    public bool IsJson => _arguments.GetValue(GlobalOptions.Json);

    /// <summary>The <c>host.toml</c> that the command is about.</summary>
    public string ConfigPath =>
        Path.GetFullPath(
            _arguments.GetValue(GlobalOptions.Config)
                ?? NonEmpty("DHCPHOST_CONFIG")
                ?? (File.Exists("host.toml") && !File.Exists(DefaultConfig) ? "host.toml" : DefaultConfig));

    /// <summary>The running host.</summary>
    public ManagementClient Client => _client ??= new(_arguments.GetValue(GlobalOptions.Socket) ?? NonEmpty("DHCPHOST_SOCKET") ?? ConfiguredSocket());

    private static string DefaultConfig => "/etc/dhcphost/host.toml";

    public T? Get<T>(Argument<T> argument) => _arguments.GetValue(argument);

    public T? Get<T>(Option<T> option) => _arguments.GetValue(option);

    /// <summary>The values of some options, in the order that they were given in.</summary>
    public IEnumerable<(Option Option, string Value)> InOrder(params Option[] options)
    {
        Option? current = null;
        foreach (var token in _arguments.Tokens)
        {
            if (token.Type == TokenType.Option)
            {
                current = options.FirstOrDefault(option => option.Name == token.Value || option.Aliases.Contains(token.Value));
            }
            else if (token.Type == TokenType.Argument && current is not null)
            {
                yield return (current, token.Value);
            }
        }
    }

    /// <summary>Runs what has no end of its own: until Ctrl-C, until nobody reads the output any more, or until the host ends the connection.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> FollowAsync(Func<CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reader = Environment.WatchReader(() => _ = ending.CancelAsync());
        try
        {
            await follow(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }

        Console.Note(new("the host ended the connection: it is stopping", Tone.Warning));
        return ExitCodes.Unavailable;
    }

    /// <summary>Writes JSON text of the host for people and programs alike: whole, and indented.</summary>
    public void ShowJson(string json) => ShowJson(JsonSerializer.Deserialize<JsonElement>(json));

    /// <summary>Writes a value as JSON.</summary>
    public void ShowJson<T>(T value) => Console.Json(JsonSerializer.Serialize(value, Indented));

    public void Dispose() => _client?.Dispose();

    private string? NonEmpty(string variable) => Environment.Variable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>Where the plugins are: as host.toml says, where there is one; otherwise beside the program, as it is installed or built.</summary>
    public IReadOnlyList<string> PluginDirectories() => FindPluginDirectories() is { Count: > 0 } directories
        ? directories
        : throw new CliException(ExitCodes.Config, "no directory of plugins was found", "name the host.toml whose [plugins] says where they are with --config");

    /// <summary>The same; empty where there are none.</summary>
    public IReadOnlyList<string> FindPluginDirectories()
    {
        var besides = BesideProgram.Select(path => Path.GetFullPath(path, AppContext.BaseDirectory));
        var configured = ReadTable<PluginsOptions>("plugins")?.Directories ?? [];
        return [.. configured.Select(
            directory => Path.GetFullPath(directory, Path.GetDirectoryName(ConfigPath)!)).Concat(besides).Where(Directory.Exists).Distinct()];
    }

    /// <summary>Which plugins <c>host.toml</c> trusts, and the directories that <see cref="PluginDirectories"/> found.</summary>
    public PluginsOptions TrustedPlugins()
    {
        var options = ReadTable<PluginsOptions>("plugins") ?? new();
        options.Directories = PluginDirectories();
        return options;
    }

    // A file that is not right leaves the default: the host may run with an older content of it, and 'check' is there for its errors.
    private string ConfiguredSocket()
    {
        var runtimeDirectory = (ReadTable<Configuration.HostOptions>("host") ?? new()).RuntimeDirectory;
        return (ReadTable<ManagementOptions>("management") ?? new()).SocketIn(Path.GetFullPath(runtimeDirectory, Path.GetDirectoryName(ConfigPath)!));
    }

    private T? ReadTable<T>(string name)
        where T : class
    {
        try
        {
            var table = TomlDocument.Parse(File.ReadAllBytes(ConfigPath), ConfigPath).Document?.Root.TakeTable(name);
            return table is null ? null : TomlBinder.Bind<T>(table).Value;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return _arguments.GetValue(GlobalOptions.Config) is { } named
                ? throw new CliException(
                    ExitCodes.Config, $"{named}: {exception.Message}", "name another file with --config, or the host's socket with --socket")
                : null;
        }
    }
}
