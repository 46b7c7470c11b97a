using DhcpHost.Testing.Lab;

[assembly: AssemblyFixture(typeof(DhcpHost.Plugin.Neutron.Tests.Messaging.SharedBroker))]

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>One broker for all tests that leave it as it is; started by the first that asks.</summary>
public sealed class SharedBroker : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private LinuxLab? _lab;
    private RabbitBroker? _broker;

    public async Task<RabbitBroker> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _lab ??= new LinuxLab();
            return _broker ??= await RabbitBroker.StartAsync(_lab, cancellationToken);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _gate.Dispose();
    }
}
