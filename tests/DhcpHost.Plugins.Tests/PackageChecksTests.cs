using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Tests;

/// <summary>What is refused before any code of a plugin runs.</summary>
public sealed class PackageChecksTests
{
    private const string Sample = "TestPlugins.Sample.dll";

    private static byte[] NativeFile => File.ReadAllBytes("/bin/true");

    public static TheoryData<string, byte[]> NotAssemblies => new()
    {
        { "text", "This is no assembly."u8.ToArray() },
        { "empty", [] },
        { "elf", NativeFile },
        { "half", TestPluginFiles.Assembly("TestPlugins.Sample", Sample)[..3000] },
    };

    [Theory]
    [MemberData(nameof(NotAssemblies))]
    public async Task File_ThatIsNoAssembly_IsRefused(string what, byte[] content)
    {
        var status = await StartAsync(lab => lab.InstallBytes("broken", content));
        Assert.True(status.State == PluginState.Failed, what);
        Assert.Contains("broken.dll is not a .NET assembly", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Library_WithoutAPlugin_IsRefused()
    {
        var status = await StartAsync(lab => lab.InstallBytes("library", TestPluginFiles.Assembly("TestPlugins.Library.V1", "TestPlugins.Library.dll")));
        Assert.Equal("library.dll does not use DhcpHost.Abstractions, so it holds no plugin", status.Message);
    }

    [Fact]
    public async Task TwoEntries_AreRefused()
    {
        var status = await StartAsync(lab => lab.Install("TestPlugins.TwoEntries", "two", "TestPlugins.TwoEntries.dll"));
        Assert.Equal(
            "TestPlugins.TwoEntries.dll holds 2 public classes that are IPlugins (FirstPlugin, SecondPlugin); leave one of them public", status.Message);
    }

    [Fact]
    public async Task MissingLibrary_IsNamedBeforeAnythingRuns()
    {
        var status = await StartAsync(lab =>
        {
            lab.Install("TestPlugins.NeedsLibrary", "library", "TestPlugins.NeedsLibrary.dll");
            File.Delete(Path.Combine(lab.Folder("library"), "TestPlugins.Library.dll"));
        });
        Assert.StartsWith(
            "TestPlugins.NeedsLibrary.dll needs TestPlugins.Library.dll, which is not in the plugin's folder", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewerContract_IsRefused()
    {
        var own = TestPluginFiles.ContractVersion;
        var status = await StartAsync(lab => lab.InstallBytes("newer", WithContract(new(own.Major, own.Minor + 1, 0, 0))));
        Assert.Equal(
            $"newer.dll is built against DhcpHost.Abstractions 1.1.0.0, but this host has {own}; upgrade the host, "
            + "or install an older version of the plugin",
            status.Message);
    }

    [Fact]
    public async Task OtherMajorContract_IsRefused()
    {
        var status = await StartAsync(lab => lab.InstallBytes("older", WithContract(new(0, 9, 0, 0))));
        Assert.EndsWith("install a newer version of the plugin", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MemberThatTheContractLacks_IsNamed()
    {
        var image = TestPluginFiles.Assembly("TestPlugins.Sample", Sample);
        var status = await StartAsync(lab => lab.InstallBytes("tomorrow", Replace(image, "get_StateDirectory", "get_StateDirectorz")));
        Assert.StartsWith(
            "tomorrow.dll uses DhcpHost.Abstractions.Plugins.IPluginContext.get_StateDirectorz, which this host's contract 1.1 does not "
                + "have", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TypeThatTheContractLacks_IsNamed()
    {
        var image = TestPluginFiles.Assembly("TestPlugins.Sample", Sample);
        var status = await StartAsync(lab => lab.InstallBytes("tomorrow", Replace(image, "PluginContents", "PluginContentz")));
        Assert.StartsWith("tomorrow.dll uses DhcpHost.Abstractions.Plugins.PluginContentz,", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherMachine_IsRefused()
    {
        var status = await StartAsync(lab => lab.InstallBytes("arm", ForMachine(Machine.Arm)));
        Assert.StartsWith("arm.dll is built for Arm, but this host is ", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contract = \"1.0\"", "contract = \"1.7\"", "it wants contract 1.7, but this host has 1.1; upgrade the host")]
    [InlineData("contract = \"1.0\"", "contract = \"0.1..0.9\"", "it wants contract 0.1..0.9, but this host has 1.1; install a newer version")]
    [InlineData("contract = \"1.0\"", "contract = \"one\"", "plugin.toml:3:12: contract: ")]
    [InlineData("version = \"1.0.0\"", "vershun = \"1.0.0\"", "plugin.toml:2:1: vershun: unknown key; did you mean `version`?")]
    [InlineData("id = \"sample\"", "id = \"other\"", "plugin.toml:1:6: id: is 'other', but the folder is 'sample'")]
    [InlineData(Sample, "../x.dll", "plugin.toml:4:12: assembly: must be the name of a .dll file in the plugin's folder")]
    [InlineData(Sample, "absent.dll", "has no absent.dll")]
    [InlineData("version = \"1.0.0\"", "version = ", "plugin.toml:2:")]
    public async Task Manifest_Wrong_IsRefusedWithItsPlace(string right, string wrong, string message)
    {
        var status = await StartAsync(lab =>
        {
            lab.Install("TestPlugins.Sample", "sample", Sample);
            var path = Path.Combine(lab.Folder("sample"), "plugin.toml");
            File.WriteAllText(path, File.ReadAllText(path).Replace(right, wrong, StringComparison.Ordinal));
        });
        Assert.Equal(PluginState.Failed, status.State);
        Assert.Contains(message, status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_WithoutManifest_IsRefused()
    {
        var status = await StartAsync(lab => lab.Write("bare", "x.dll", "x"));
        Assert.EndsWith("bare has no plugin.toml; see docs/plugins.md for what belongs into it", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnCopyOfTheContract_IsRefused()
    {
        var status = await StartAsync(lab =>
        {
            lab.InstallSample(1);
            File.Copy(TestPluginFiles.Contract, Path.Combine(lab.Folder("sample"), "DhcpHost.Abstractions.dll"));
        });
        Assert.Contains("ships its own DhcpHost.Abstractions.dll, whose types are not the host's; delete it", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnCopyOfTheLoggingFace_IsNeverLoaded()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        lab.Write("sample", "Microsoft.Extensions.Logging.Abstractions.dll", "not even an assembly");
        await lab.StartAsync();
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
        Assert.Empty(Directory.GetFiles(lab.Settings.CacheDirectory, "Microsoft.*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("TestPlugins.Sample.dll", UnixFileMode.OtherWrite, "everybody")]
    [InlineData("TestPlugins.Sample.dll", UnixFileMode.GroupWrite, "its group")]
    [InlineData("plugin.toml", UnixFileMode.OtherWrite, "everybody")]
    [InlineData("", UnixFileMode.OtherWrite, "everybody")]
    [InlineData("..", UnixFileMode.GroupWrite, "its group")]
    public async Task FileThatOthersMayWrite_IsRefusedWithItsCure(string file, UnixFileMode mode, string who)
    {
        var path = "";
        var status = await StartAsync(lab =>
        {
            lab.InstallSample(1);
            path = Path.GetFullPath(Path.Combine(lab.Folder("sample"), file)).TrimEnd('/');
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | mode);
        });
        Assert.Equal($"{path} can be written by {who}; run: chmod go-w '{path}'", status.Message);
    }

    [Fact]
    public async Task FileOfAnotherUser_IsRefusedWithItsCure()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        var status = await StartAsync(lab =>
        {
            lab.InstallSample(1);
            using var chown = System.Diagnostics.Process.Start("chown", ["12345", Path.Combine(lab.Folder("sample"), Sample)]);
            chown.WaitForExit();
        });
        Assert.Contains($"{Sample} belongs to the user 12345, who could change it; run: chown 0 ", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SymbolicLink_InTheFolder_IsRefused()
    {
        var status = await StartAsync(lab =>
        {
            lab.InstallSample(1);
            _ = File.CreateSymbolicLink(Path.Combine(lab.Folder("sample"), "extra"), "/etc/passwd");
        });
        Assert.EndsWith("extra is a symbolic link; put the file itself there", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowList_LetsOnlyItsPluginsIn()
    {
        await using var lab = new PluginLab();
        lab.Settings = lab.Settings with { Options = new() { Watch = false, Allow = [new PluginId("sample")] } };
        lab.InstallSample(1);
        var status = await lab.StartMisbehavingAsync("good");
        Assert.Equal("'misbehaving' is not in [plugins] allow; add it there if it is trusted", status.Message);
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
    }

    [Fact]
    public async Task PinnedHash_LetsOnlyThatFileIn()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        var right = lab.Hash("sample", Sample);
        lab.Settings = lab.Settings with
        {
            Options = new() { Watch = false, Sha256 = new Dictionary<PluginId, string> { [new("sample")] = right.ToUpperInvariant() } },
        };
        await lab.StartAsync();
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
        lab.InstallSample(2);
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal(("1.0.0", PluginState.Ready), (lab.Status("sample").Version, lab.Status("sample").State));
        Assert.Contains($"but [plugins.sha256] sample says {right}; install the right file", lab.Status("sample").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HashInTheManifest_ThatDiffers_IsRefused()
    {
        var status = await StartAsync(lab => lab.Install("TestPlugins.Sample", "sample", Sample, more: $"sha256 = \"{new string('0', 64)}\""));
        Assert.Contains($"plugin.toml says {new string('0', 64)}; install the right file", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NativeLibrary_NeedsLeave()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        lab.Write("sample", "libextra.so", NativeFile);
        await lab.StartAsync();
        Assert.EndsWith(
            "ships the native library libextra.so; add 'sample' to [plugins] allow_native if it is trusted",
            lab.Status("sample").Message,
            StringComparison.Ordinal);

        await using var trusting = new PluginLab();
        trusting.Settings = trusting.Settings with { Options = new() { Watch = false, AllowNative = [new PluginId("sample")] } };
        trusting.InstallSample(1);
        trusting.Write("sample", "libextra.so", NativeFile);
        await trusting.StartAsync();
        Assert.Equal(PluginState.Ready, trusting.Status("sample").State);
    }

    private static async Task<PluginStatus> StartAsync(Action<PluginLab> install)
    {
        await using var lab = new PluginLab();
        install(lab);
        await lab.StartAsync();
        var status = Assert.Single(lab.Host.Plugins);
        Assert.Equal(PluginState.Failed, status.State);
        Assert.Empty(lab.Copies);
        return status;
    }

    /// <summary>The sample, as if it were built against another version of the contract.</summary>
    private static byte[] WithContract(Version version)
    {
        var image = TestPluginFiles.Assembly("TestPlugins.Sample", Sample);
        using var reader = new PEReader(new MemoryStream(image));
        var metadata = reader.GetMetadataReader();
        var handle = metadata.AssemblyReferences.Single(
            reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name) == "DhcpHost.Abstractions");
        var row = reader.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + ((MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        foreach (var (part, index) in new[] { version.Major, version.Minor, version.Build, version.Revision }.Select((part, index) => (part, index)))
        {
            Assert.True(BitConverter.TryWriteBytes(image.AsSpan(row + (2 * index)), (ushort)part));
        }

        return image;
    }

    private static byte[] ForMachine(Machine machine)
    {
        var image = TestPluginFiles.Assembly("TestPlugins.Sample", Sample);
        using var reader = new PEReader(new MemoryStream(image));
        Assert.True(BitConverter.TryWriteBytes(image.AsSpan(reader.PEHeaders.CoffHeaderStartOffset), (ushort)machine));
        return image;
    }

    /// <summary>Another name of the same length in the names of the metadata.</summary>
    private static byte[] Replace(byte[] image, string name, string other)
    {
        var (old, replacement) = (Encoding.UTF8.GetBytes($"\0{name}\0"), Encoding.UTF8.GetBytes($"\0{other}\0"));
        var place = image.AsSpan().IndexOf(old);
        Assert.True(place > 0, $"{name} is not in the image");
        replacement.CopyTo(image.AsSpan(place));
        return image;
    }
}
