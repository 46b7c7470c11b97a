using DhcpHost.Plugins.Checks;

namespace DhcpHost.Plugins.Tests;

/// <summary>A program that brings the framework says in its <c>.deps.json</c> which of its files that is.</summary>
public sealed class RuntimePacksTests
{
    [Fact]
    public void The_frameworks_files_are_told_from_the_programs_own() =>
        Assert.Equal(["System.Linq.dll", "Microsoft.AspNetCore.dll"], RuntimePacks.FindAssemblies("""
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
              "targets": {
                ".NETCoreApp,Version=v10.0": {},
                ".NETCoreApp,Version=v10.0/linux-x64": {
                  "dhcphost/0.1.0": { "dependencies": { "NLog": "6.0.0" }, "runtime": { "dhcphost.dll": {} } },
                  "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.12": {
                    "runtime": { "System.Linq.dll": { "assemblyVersion": "10.0.0.0" } },
                    "native": { "libcoreclr.so": {} }
                  },
                  "runtimepack.Microsoft.AspNetCore.App.Runtime.linux-x64/10.0.12": { "runtime": { "Microsoft.AspNetCore.dll": {} } },
                  "System.CommandLine/2.0.0": { "runtime": { "lib/net8.0/System.CommandLine.dll": {} } },
                  "NLog/6.0.0": { "runtime": { "lib/netstandard2.1/NLog.dll": {} } }
                }
              },
              "libraries": {}
            }
            """u8.ToArray()));

    [Fact]
    public void A_program_without_a_framework_of_its_own_has_none() => Assert.Empty(RuntimePacks.FindAssemblies("""{ "targets": { "a": {} } }"""u8.ToArray()));
}
