using DhcpHost.Abstractions.Drivers;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>Tests of a DHCP driver, each with a driver of its own.</summary>
public abstract class DhcpDriverTests<TSubject> : IAsyncLifetime
    where TSubject : DhcpDriverSubject
{
    private TSubject? _subject;

    /// <summary>The driver under test.</summary>
    protected TSubject Subject => _subject!;

    /// <summary>The host's driver.</summary>
    protected IDhcpDriver Driver => Subject.Driver;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes the driver under test.</summary>
    protected abstract TSubject CreateSubject();

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        _subject = CreateSubject();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_subject is not null)
        {
            await _subject.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
