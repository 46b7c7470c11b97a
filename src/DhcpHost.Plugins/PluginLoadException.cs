using System.Collections.Immutable;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Toml;

namespace DhcpHost.Plugins;

/// <summary>A plugin, or a version of it, cannot be used. What ran before runs on.</summary>
/// <remarks>
/// It never carries an exception of the plugin's own types: that would keep the plugin's code in memory. Their text is in <see cref="Trace"/>.
/// </remarks>
public sealed class PluginLoadException : DhcpHostException
{
    /// <summary>A refusal or a failure.</summary>
    /// <param name="message">What, why, and the cure.</param>
    /// <param name="trace">The exception behind it, as text, where there is one.</param>
    /// <param name="isPassing">Whether the same files may well work at another try.</param>
    public PluginLoadException(string message, string? trace = null, bool isPassing = false)
        : base(isPassing ? FailureKind.Transient : FailureKind.Invalid, message)
    {
        Trace = trace;
        IsPassing = isPassing;
    }

    /// <summary>A refusal of a plugin's table.</summary>
    /// <param name="optionErrors">All that is wrong in it.</param>
    public PluginLoadException(ImmutableArray<TomlError> optionErrors)
        : this(string.Join("; ", optionErrors))
    {
        OptionErrors = optionErrors;
    }

    /// <summary>What is wrong in the plugin's table; empty where that is not what is wrong.</summary>
    public ImmutableArray<TomlError> OptionErrors { get; } = [];

    /// <summary>The text of the exception behind it.</summary>
    public string? Trace { get; }

    /// <summary>Whether the same files may well work at another try.</summary>
    public bool IsPassing { get; }
}
