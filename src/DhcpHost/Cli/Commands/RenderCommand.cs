using System.CommandLine;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Rendering;
using DhcpHost.Configuration;
using DhcpHost.Hosting;
using DhcpHost.Plugins;

namespace DhcpHost.Cli.Commands;

/// <summary><c>render</c>: what a driver would write for a network of Neutron's.</summary>
internal sealed class RenderCommand() : CliCommand(
    "render",
    "Show what a DHCP driver would run and write for networks as Neutron sends them, without a host and touching nothing. Exits with 1 "
        + "where an input could not be "
        + "rendered; parts that are refused are told in the output's 'error' and 'refusals', and the rest is rendered.",
    ("dhcphost render --driver dnsmasq network.json", "one network: a dict of Neutron's, or an object with conf, network, interface_ips and segment"),
    ("dhcphost render --driver dnsmasq --jsonl networks.jsonl", "one object a line, and one line of output for each"),
    ("dhcphost render --jsonl - | head -1", "the same from standard input"))
{
    private const int LongestInput = 256 * 1024 * 1024;
    private const string StandardInput = "-";

    private readonly Argument<string?> _network = new("NETWORK.json")
    {
        Description = "A file with one network; - is standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> _driver = new("--driver", "-d")
    {
        Description = "The driver's plugin.",
        HelpName = "ID",
        DefaultValueFactory = _ => "dnsmasq",
    };
    private readonly Option<string?> _lines = new("--jsonl")
    {
        Description = "A file with one object a line; - or nothing is standard input.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _site = new("--site")
    {
        Description = "With [defaults] and the driver's table of host.toml, in place of conf and Neutron's defaults.",
    };

    protected override void Configure(Command command)
    {
        command.Add(_network);
        command.Add(_driver);
        command.Add(_lines);
        command.Add(_site);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_network) is not null == result.GetResult(_lines) is { Implicit: false })
            {
                result.AddError("Name one of NETWORK.json and --jsonl.");
            }
        });
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var id = scope.Get(_driver)!;
        if (!PluginId.TryParse(id, null, out var plugin))
        {
            throw new CliException(ExitCodes.Usage, $"'{id}' is not the id of a plugin");
        }

        var scratch = Directory.CreateTempSubdirectory("dhcphost-");
        try
        {
            await using var renderer = Open(scope, plugin, scratch.FullName);
            var site = scope.Get(_site) ? RenderSettings.Of(await LoadAsync(scope, cancellationToken), renderer) : null;
            return await RenderAsync(scope, new(renderer, site), cancellationToken);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private async Task<int> RenderAsync(CommandScope scope, NetworkRenderer renderer, CancellationToken cancellationToken)
    {
        var isSingle = scope.Get(_network) is not null;
        await using var input = OpenInput(scope, scope.Get(_network) ?? scope.Get(_lines) ?? StandardInput);
        if (isSingle)
        {
            var (json, isRendered) = await ReadAllAsync(input, cancellationToken) is { } whole
                ? renderer.Render(whole, isIndented: true)
                : (NetworkRenderer.Error(TooLong, isIndented: true), false);
            scope.Console.Json(json);
            return isRendered ? ExitCodes.Success : ExitCodes.Failure;
        }

        var code = ExitCodes.Success;
        await foreach (var line in ByteLines.ReadAsync(input, LongestInput, cancellationToken))
        {
            if (line is { } text && text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            var (json, isRendered) = line is { } known ? renderer.Render(known, isIndented: false) : (NetworkRenderer.Error(TooLong, isIndented: false), false);
            await scope.Console.Output.WriteAsync(json + "\n");
            code = isRendered ? code : ExitCodes.Failure;
        }

        return code;
    }

    private static string TooLong => $"it is longer than {LongestInput} bytes";

    private static async Task<ReadOnlyMemory<byte>?> ReadAllAsync(Stream input, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (whole.Length + read > LongestInput)
            {
                return null;
            }

            await whole.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }

    private static Stream OpenInput(CommandScope scope, string path)
    {
        if (path == StandardInput)
        {
            return scope.Environment.Input();
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException(ExitCodes.Failure, $"{path}: {exception.Message}");
        }
    }

    private static PluginRenderer Open(CommandScope scope, PluginId plugin, string scratch)
    {
        try
        {
            return PluginRenderer.Open(plugin, scope.TrustedPlugins(), scratch, Path.Combine(scratch, "plugins"));
        }
        catch (PluginLoadException exception)
        {
            throw new CliException(
                ExitCodes.Config, exception.Message, "name another plugin with --driver, or the host.toml whose [plugins] says where it is with --config");
        }
    }

    private static async Task<LoadedConfig> LoadAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var result = await new ConfigLoader(scope.Environment.TimeProvider).LoadAsync(scope.ConfigPath, cancellationToken);
        return result.Succeeded ? result.Loaded : throw new CliException(ExitCodes.Config, string.Join('\n', result.Errors));
    }
}
