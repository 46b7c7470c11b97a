using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Abstractions.Plugins;

/// <summary>A plugin that can say what its DHCP driver would write, without being started: <c>dhcphost render</c> asks it. Optional.</summary>
public interface IRenderingPlugin : IPlugin
{
    /// <summary>Says what the driver would run and write. It looks at nothing but its arguments: neither at the machine nor at what runs.</summary>
    /// <param name="plan">What is wished for.</param>
    /// <param name="options">An <see cref="IPlugin.OptionsType"/>, bound and checked.</param>
    /// <param name="directory">Stands for the server's directory wherever its path would be.</param>
    /// <exception cref="Failures.DhcpHostException">Nothing of the plan can be served.</exception>
    RenderedServer Render(DhcpPlan plan, object options, string directory);
}
