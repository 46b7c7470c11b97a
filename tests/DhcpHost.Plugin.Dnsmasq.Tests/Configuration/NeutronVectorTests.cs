using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Configuration;

/// <summary>Each network is written as Neutron's own driver writes it, byte for byte.</summary>
public sealed class NeutronVectorTests
{
    private static readonly IReadOnlyList<NeutronVector> Vectors = NeutronVector.LoadAll();

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Vectors.Count)];

    [Fact]
    public void There_are_a_hundred_vectors() => Assert.Equal(100, Vectors.Count);

    [Theory]
    [MemberData(nameof(Indices))]
    public void Files_and_command_line_are_those_of_Neutrons_driver(int index)
    {
        var vector = Vectors[index];
        var plan = vector.MakePlan();
        var writer = new ConfigurationWriter(plan, vector.MakeOptions());

        var written = writer.Write(new("@DIR@"));

        Assert.Equal(vector.Expected["argv"]!.AsArray().Select(argument => argument!.GetValue<string>()), written.Arguments);
        Assert.Equal(vector.ExpectedText("host"), written.Hosts);
        Assert.Equal(vector.ExpectedText("addn_hosts"), written.AddnHosts);
        Assert.Equal(vector.ExpectedText("leases"), writer.WriteLeases(existing: null));

        // Neutron's driver cuts a name or value with a line break short and serves what is left; here the option is refused.
        var (cut, refused) = FindCutLines(plan.Network);
        Assert.Equal(string.Join('\n', Remove(vector.ExpectedText("opts").Split('\n'), cut)), written.Opts);
        Assert.Equal(refused, written.Refusals.Count(refusal => refusal.Subject.StartsWith("port ", StringComparison.Ordinal)));
        Assert.Equal(refused, written.Refusals.Count);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Subnets_without_a_router_are_those_that_Neutrons_driver_calls_isolated(int index)
    {
        var vector = Vectors[index];
        var subnets = new SubnetSet(vector.MakePlan().Network);

        foreach (var (id, isolated) in vector.Expected["isolated"]!.AsObject())
        {
            Assert.Equal(isolated!.GetValue<bool>(), subnets.IsIsolated(new(id)));
        }
    }

    private static (List<string> Lines, int Refused) FindCutLines(Network network)
    {
        var lines = new List<string>();
        var refused = new HashSet<(PortId, string)>();
        foreach (var port in network.Ports)
        {
            foreach (var option in port.ExtraDhcpOptions)
            {
                var text = option.Name + option.Value;
                if (text.Contains('\n', StringComparison.Ordinal)
                    && port.FixedIps.Any(ip => ip.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork))
                {
                    lines.Add($"tag:port-{port.Id},option:{option.Name.Split('\n')[0]},{option.Value!.Split('\n')[0]}");
                    _ = refused.Add((port.Id, option.Name));
                }
            }
        }

        return (lines, refused.Count);
    }

    private static List<string> Remove(IEnumerable<string> lines, List<string> cut)
    {
        var left = lines.ToList();
        Assert.All(cut, line => Assert.True(left.Remove(line), $"Neutron's driver did not write '{line}'"));
        return left;
    }
}
