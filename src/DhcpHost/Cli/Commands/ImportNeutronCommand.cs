using System.CommandLine;
using System.Text;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Neutron.Settings;

namespace DhcpHost.Cli.Commands;

/// <summary><c>import-neutron</c>: a <c>host.toml</c> of Neutron's configuration.</summary>
internal sealed class ImportNeutronCommand() : CliCommand(
    "import-neutron",
    "Make a host.toml of neutron-dhcp-agent's configuration, and say what became of each option. Exits with 1 where a value could not be carried over, "
        + "and with 78 where a file cannot be read.",
    ("dhcphost import-neutron", "show it, from the files that Debian's and Ubuntu's agents read"),
    ("sudo dhcphost import-neutron --output /etc/dhcphost/host.toml", "write it, and beside it the files with the messaging's password and "
        + "the metadata's secret"),
    ("dhcphost import-neutron --config-file neutron.conf --config-file dhcp_agent.ini --config-dir "
        + "conf.d", "from other files; the last one that has an option counts"))
{
    private const int MaxFileBytes = 4 * 1024 * 1024;
    private const string AgentAccount = "neutron";
    private const string DefaultDirectory = "/etc/dhcphost";
    private const string UrlName = "neutron-transport-url";
    private const string SecretName = "neutron-metadata-secret";
    private const UnixFileMode ConfigMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] DefaultFiles = ["/usr/share/neutron/neutron-dist.conf", "/etc/neutron/neutron.conf", "/etc/neutron/dhcp_agent.ini"];

    private readonly Option<string[]> _files = new("--config-file")
    {
        Description = "A file of Neutron's; again and again, the later ones count more, as with the agent itself.",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _directories = new("--config-dir")
    {
        Description = "A directory of which all *.conf are read, by name; files that are named after it count more.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Where to write host.toml. Default: standard output.", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Write over a host.toml that is there." };

    protected override void Configure(Command command)
    {
        command.Add(_files);
        command.Add(_directories);
        command.Add(_output);
        command.Add(_force);
    }

    protected override Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var output = scope.Get(_output) is { } path ? Path.GetFullPath(path) : null;
        if (output is not null && File.Exists(output) && !scope.Get(_force))
        {
            throw new CliException(ExitCodes.Failure, $"{output} is there already", "write over it with --force, or name another file");
        }

        var config = ReadFiles(scope);
        var directory = output is null ? DefaultDirectory : Path.GetDirectoryName(output)!;
        var (url, secret) = (Path.Combine(directory, UrlName), Path.Combine(directory, SecretName));
        var import = NeutronImport.Run(config, new()
        {
            MachineName = Environment.MachineName,
            PluginDirectories = scope.FindPluginDirectories(),
            TransportUrlFile = url,
            MetadataSecretFile = secret,
            AgentAccount = FileOwner.TryFind(AgentAccount) is null ? null : AgentAccount,
        });
        if (output is not null)
        {
            if (import.TransportUrl.Length > 0)
            {
                Write(url, import.TransportUrl + "\n", SecretMode);
            }

            if (import.MetadataSecret.Length > 0)
            {
                Write(secret, import.MetadataSecret + "\n", SecretMode);
            }

            Write(output, import.HostToml, ConfigMode);
        }

        Show(scope, import, output, url);
        return Task.FromResult(import.Findings.Any(finding => finding.Kind == FindingKind.Wrong) ? ExitCodes.Failure : ExitCodes.Success);
    }

    private OsloConfig ReadFiles(CommandScope scope)
    {
        var given = scope.InOrder(_files, _directories).ToList();
        var all = given.Count == 0
            ? [.. DefaultFiles.Where(File.Exists)]
            : given.SelectMany(item => item.Option == _directories ? List(item.Value) : [item.Value]).ToList();
        if (all.Count == 0)
        {
            throw new CliException(ExitCodes.Config, "there is no configuration of Neutron here", "name its files with --config-file");
        }

        var config = new OsloConfig();
        var problems = new List<string>();
        foreach (var file in all)
        {
            if (ReadText(file, problems) is { } text)
            {
                config.Read(file, text);
            }
        }

        problems.AddRange(config.Errors.Select(error => error.ToString()));
        return problems.Count == 0 ? config : throw new CliException(ExitCodes.Config, string.Join('\n', problems), "correct the files; nothing was written");
    }

    private static IEnumerable<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory, "*.conf").Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Config, $"{directory}: {exception.Message}");
        }
    }

    private static string? ReadText(string path, List<string> problems)
    {
        try
        {
            if (WholeFile.Read(path, MaxFileBytes) is not { } content)
            {
                problems.Add($"{path}: there is no such file");
            }
            else if (content.Bytes.Length > MaxFileBytes)
            {
                problems.Add($"{path}: it has more than {MaxFileBytes} bytes");
            }
            else
            {
                return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content.Bytes.Span);
            }
        }
        catch (LinuxException exception)
        {
            problems.Add($"{path}: {exception.Message}");
        }
        catch (DecoderFallbackException)
        {
            problems.Add($"{path}: it is not UTF-8");
        }

        return null;
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        try
        {
            _ = AtomicFile.WriteIfChanged(path, Encoding.UTF8.GetBytes(text), mode, flush: true);
        }
        catch (LinuxException exception)
        {
            throw new CliException(ExitCodes.Failure, $"{path} cannot be written: {exception.Message}");
        }
    }

    private static void Show(CommandScope scope, NeutronImport import, string? output, string url)
    {
        if (scope.IsJson)
        {
            scope.ShowJson(new { import.HostToml, TransportUrlFile = url, import.Findings });
            return;
        }

        if (output is null)
        {
            scope.Console.Output.Write(import.HostToml);
        }

        foreach (var (kind, title, tone) in new[]
        {
            (FindingKind.Mapped, "carried over", Tone.Good), (FindingKind.Unneeded, "no meaning here", Tone.Muted),
            (FindingKind.Unknown, "unknown", Tone.Warning),
            (FindingKind.Unsupported, "cannot be honoured", Tone.Warning), (FindingKind.Wrong, "not carried over", Tone.Bad),
        })
        {
            foreach (var finding in import.Findings.Where(finding => finding.Kind == kind))
            {
                scope.Console.Note(new($"{title}: {finding}", tone));
            }
        }

        if (output is null)
        {
            scope.Console.Note("the messaging's URL was not written: it holds passwords", $"write it to {url}, for root alone to read; --output does that");
        }
        else
        {
            scope.Console.Line(new("written", Tone.Good), $": {output}, {url}");
            scope.Console.Line($"next: dhcphost check -c {output}");
        }
    }
}
