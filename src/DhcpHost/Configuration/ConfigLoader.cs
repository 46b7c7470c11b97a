using System.Globalization;
using DhcpHost.Core.Limits;
using DhcpHost.Plugins;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Toml;

namespace DhcpHost.Configuration;

/// <summary>Reads <c>host.toml</c>, strictly: every key that it does not understand is an error, and all errors are told at once.</summary>
/// <param name="time">Time: cron expressions have to fit a later one.</param>
public sealed class ConfigLoader(TimeProvider time)
{
    /// <summary>Reads the file. Whatever it holds, the outcome is a value.</summary>
    public async Task<ConfigResult> LoadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var limit = new LimitsOptions().FileBytes;
        byte[] bytes;
        try
        {
            // Whatever it is, a device too: no more than the limit is read.
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
            var buffer = new byte[limit + 1];
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (length > limit)
            {
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"{path}: cannot be read: it has more than {limit} bytes"));
            }

            bytes = buffer[..length];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Wrong($"{path}: there is no such file: write one (the host.toml that ships names every key), or name another with --config");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Wrong($"{path}: cannot be read: {exception.Message}");
        }

        return Parse(bytes, path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="path">The file that it is of; relative paths in it start at its directory.</param>
    public ConfigResult Parse(ReadOnlySpan<byte> utf8, string path)
    {
        var parsed = TomlDocument.Parse(utf8, path);
        if (!parsed.Succeeded)
        {
            return new(null, [.. parsed.Errors.Select(error => error.ToString())]);
        }

        var errors = new List<TomlError>();
        var bound = TomlBinder.Bind<HostConfig>(parsed.Document.Root);
        errors.AddRange(bound.Errors);
        var jobs = JobsOf(bound.Value?.Jobs ?? ReadableJobs(parsed.Document), parsed.Document, errors);
        var whole = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(whole) ?? "/";
        if (bound.Value is null || errors.Count > 0)
        {
            return Refuse(parsed.Document, directory, errors);
        }

        Complete(bound.Value, directory);
        return new(new LoadedConfig { Path = whole, Directory = directory, Config = bound.Value, Jobs = jobs, Document = parsed.Document }, []);
    }

    private static ConfigResult Wrong(string error) => new(null, [error]);

    private static ConfigResult Refuse(TomlDocument document, string directory, List<TomlError> errors)
    {
        var sorted = errors.OrderBy(error => error.Line).ThenBy(error => error.Column).ToList();
        var root = document.Root.Renew();
        var plugins = root.TakeTable("plugins") is { } table ? TomlBinder.Bind<PluginsOptions>(table).Value
            : root.Keys.Contains("plugins") ? null
            : new PluginsOptions();
        return new(null, [.. sorted.Select(error => error.ToString())])
        {
            Refused = new() { Directory = directory, Document = document, Errors = sorted, Plugins = plugins },
        };
    }

    /// <summary>The jobs whose tables are right, where something else in the file is not: what is wrong with them is told all the same.</summary>
    private static Dictionary<string, JobOptions> ReadableJobs(TomlDocument document)
    {
        var readable = new Dictionary<string, JobOptions>(StringComparer.Ordinal);
        var table = document.Root.Renew().TakeTable("jobs");
        foreach (var name in table?.Keys ?? [])
        {
            if (table!.TakeTable(name) is { } job && TomlBinder.Bind<JobOptions>(job).Value is { } options)
            {
                readable.Add(name, options);
            }
        }

        return readable;
    }

    private Dictionary<string, JobSpec> JobsOf(IReadOnlyDictionary<string, JobOptions> read, TomlDocument document, List<TomlError> errors)
    {
        var jobs = new Dictionary<string, JobSpec>(JobSpecs.Defaults, StringComparer.Ordinal);
        foreach (var (name, options) in read)
        {
            var problems = new List<JobProblem>();
            if (JobSpecs.Create(name, options, time.GetUtcNow(), problems) is { } spec)
            {
                jobs[name] = spec;
            }

            errors.AddRange(problems.Select(problem =>
                document.ErrorAt(problem.Key.Length == 0 ? $"jobs.{name}" : $"jobs.{name}.{problem.Key}", problem.Message, problem.Cure)));
        }

        return jobs;
    }

    private static void Complete(HostConfig config, string directory)
    {
        config.Host.Name = config.Host.Name.Length == 0 ? Environment.MachineName : config.Host.Name;
        config.Host.StateDirectory = Path.GetFullPath(config.Host.StateDirectory, directory);
        config.Host.RuntimeDirectory = Path.GetFullPath(config.Host.RuntimeDirectory, directory);
        config.Host.CacheDirectory = Path.GetFullPath(config.Host.CacheDirectory, directory);
        config.Management.Socket = config.Management.SocketIn(config.Host.RuntimeDirectory);
        config.Scripts.Directory = Path.GetFullPath(config.Scripts.Directory, directory);
        config.Scripts.CacheDirectory = config.Scripts.CacheDirectory.Length == 0
            ? Path.Combine(config.Host.CacheDirectory, "scripts")
            : Path.GetFullPath(config.Scripts.CacheDirectory, directory);
    }
}
